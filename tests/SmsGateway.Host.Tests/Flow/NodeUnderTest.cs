using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

// What one node knows of itself and of the others, without a ledger: the directory is read by hand.
internal sealed class NodeUnderTest : IDisposable
{
    private readonly HostMetrics _metrics = new();

    public NodeUnderTest()
    {
        Options = Microsoft.Extensions.Options.Options.Create(new FlowOptions { LaneCapacity = 100, FailoverAfter = TimeSpan.FromSeconds(3) });
        Directory = new NodeDirectory(new NodeIdentity("smsc1.dc3", "dc3"));
        Stance = new NodeStance(new NodeLease(Time, new LedgerOptions()), Directory, Draining, Options, Time);
        Links = new ConnectorLinks(Options, Time);
        Memory = new SegmentsInMemory(Depths);
        Dispatcher = new Dispatcher(Links, Memory, Directory, Stance, Leaving, Options);
        Configuration.Swap(new ConfigurationSnapshot(1, "", new ConfigurationDocument
        {
            Accounts = [new AccountSettings { Name = "demo", CallbackUrl = new Uri("http://127.0.0.1/") }, new AccountSettings { Name = "acme" }],
        }));

        // No ledger: nothing is ended or sent back here.
        Deliveries = new Deliveries(null!, Configuration, DeliveriesInMemory, Directory, Stance, Leaving, _metrics, Options, Time);
    }

    public ManualTimeProvider Time { get; } = new();

    public IOptions<FlowOptions> Options { get; }

    public NodeDirectory Directory { get; }

    public Draining Draining { get; } = new();

    public NodeStance Stance { get; }

    public ConnectorLinks Links { get; }

    public QueueDepths Depths { get; } = new();

    public SegmentsInMemory Memory { get; }

    public HandOverQueue Leaving { get; } = new();

    public Dispatcher Dispatcher { get; }

    public ConfigurationState Configuration { get; } = new();

    public DeliveriesInMemory DeliveriesInMemory { get; } = new();

    public Deliveries Deliveries { get; }

    public static NodeStanding Peer(short id, string[]? accounts = null, string[]? carriers = null, NodeMode mode = NodeMode.Hot) => new()
    {
        Id = id,
        Name = $"peer{id}",
        Site = "bos",
        Mode = mode,
        Live = true,
        Epoch = 7,
        Counter = 1,
        Reach = new NodeReach(accounts ?? [], carriers ?? []),
        StartedAt = default,
    };

    /// <summary>A receipt that came to be owed now.</summary>
    public Delivery Receipt(string account, Protocol protocol, short offers = 0) => new()
    {
        Id = Guid.NewGuid(),
        Account = account,
        Kind = DeliveryKind.Receipt,
        Protocol = protocol,
        Offers = offers,
        CreatedAt = Time.GetUtcNow(),
        DueAt = Time.GetUtcNow(),
        MessageId = new MessageId(Guid.NewGuid()),
        Day = default,
        Source = "447700900001",
        Destination = "12345",
        AcceptedAt = Time.GetUtcNow(),
    };

    /// <summary>A reading: this node in a mode, and others.</summary>
    public void Read(NodeMode mode, params NodeStanding[] others) => Directory.Take(
        [Peer(1) with { Name = "smsc1.dc3", Mode = mode }, .. others], _ => false, null);

    public void Dispose() => _metrics.Dispose();

    public List<LeavingSegment> LeavingSegments()
    {
        var leaving = new List<LeavingSegment>();
        while (Leaving.Segments.TryRead(out var segment))
        {
            leaving.Add(segment);
        }

        return leaving;
    }
}
