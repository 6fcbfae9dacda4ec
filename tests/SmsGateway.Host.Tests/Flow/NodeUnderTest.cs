using Microsoft.Extensions.Options;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

// What one node knows of itself and of the others, without a ledger: the directory is read by hand.
internal sealed class NodeUnderTest
{
    public NodeUnderTest()
    {
        Options = Microsoft.Extensions.Options.Options.Create(new FlowOptions { LaneCapacity = 100, FailoverAfter = TimeSpan.FromSeconds(3) });
        Directory = new NodeDirectory(new NodeIdentity("smsc1.dc3", "dc3"));
        Stance = new NodeStance(new NodeLease(Time, new LedgerOptions()), Directory, Draining, Options, Time);
        Links = new ConnectorLinks(Options, Time);
        Memory = new SegmentsInMemory(Depths);
        Dispatcher = new Dispatcher(Links, Memory, Directory, Stance, Leaving, Options);
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

    /// <summary>A reading: this node in a mode, and others.</summary>
    public void Read(NodeMode mode, params NodeStanding[] others) => Directory.Take(
        [Peer(1) with { Name = "smsc1.dc3", Mode = mode }, .. others], _ => false, null);

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
