using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

// All of Flow of one node over a real ledger, and no edge: a test opens connectors and accounts, and sends what is in the lanes. Several of
// them share a database as nodes do.
internal sealed class FlowNode : IAsyncDisposable
{
    private static int _mos;
    private static readonly ConfigurationDocument Document = new()
    {
        Accounts = [new AccountSettings { Name = "demo", CallbackUrl = new Uri("http://127.0.0.1/") }, new AccountSettings { Name = "acme" }, new AccountSettings { Name = "picky", Hold = false }],
        Carriers = [Carrier("carrier-a"), Carrier("carrier-b")],
        Routes = [new RouteSettings { Carriers = ["carrier-a", "carrier-b"] }],
    };

    private readonly ServiceProvider _services;
    private List<IHostedService> _loops = [];
    private int _submitted;

    private FlowNode(ServiceProvider services) => _services = services;

    public NodeDirectory Directory => Get<NodeDirectory>();

    public SegmentsInMemory Memory => Get<SegmentsInMemory>();

    public static async Task<string> DatabaseAsync(PostgresCluster? cluster = null) => await (cluster ?? await PostgresCluster.SharedAsync()).CopyTemplateAsync(
        "ledger", database => LedgerMigrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));

    public static async Task<FlowNode> StartAsync(string connectionString, string name, params (string Option, string Value)[] options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Ledger:ConnectionString"] = connectionString,
            ["Ledger:RequireDurability"] = "false",
            ["Ledger:LeaseRenewEvery"] = "00:00:00.500",
            ["Ledger:LeaseValidFor"] = "00:00:10",
            ["Ledger:LeaseDeadAfter"] = "00:00:15",
            ["Flow:ClaimGrace"] = "00:00:00",
            ["Hold:Enabled"] = "false",
        };
        foreach (var (option, value) in options)
        {
            settings[option] = value;
        }

        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
            .AddSingleton<ConfigurationState>()
            .AddSingleton<BindDirectory>()
            .AddSingleton<HostMetrics>()
            .AddLedger(name, name[^3..])
            .AddSingleton<NodeStart>()
            .AddHold()
            .AddFlow()
            .BuildServiceProvider();
        var node = new FlowNode(services);
        node.Get<ConfigurationState>().Swap(new ConfigurationSnapshot(1, "", Document));
        await node.Get<NodeStart>().RunAsync(CancellationToken.None);
        node._loops = [.. services.GetServices<IHostedService>()];
        foreach (var loop in node._loops)
        {
            await loop.StartAsync(CancellationToken.None);
        }

        return node;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ConnectorLink Link(string connector = "carrier-a") => Get<ConnectorLinks>().Get(connector);

    /// <summary>As Esme does at the first receiving bind, and Callbacks for an account with a URL.</summary>
    public DeliveryLane Open(string account, Protocol protocol = Protocol.Smpp)
    {
        var lane = Get<Deliveries>().LaneOf(account, protocol);
        lane.Open = true;
        return lane;
    }

    public async Task<AcceptanceResult> SubmitAsync(string account = "demo") => await Get<Acceptance>().SubmitAsync(
        new Submission
        {
            Account = Get<ConfigurationState>().Current.Accounts[account],
            Protocol = Protocol.Http,
            ClientMessageId = $"{Get<NodeIdentity>().Name} {Interlocked.Increment(ref _submitted)}",
            Sender = "12345",
            Destination = "447700900001",
            Text = "hello",
        },
        CancellationToken.None);

    public async Task<AcceptanceResult> SubmitAsync(string clientMessageId, string text, string account = "demo") => await Get<Acceptance>().SubmitAsync(
        new Submission
        {
            Account = Get<ConfigurationState>().Current.Accounts[account],
            Protocol = Protocol.Http,
            ClientMessageId = clientMessageId,
            Sender = "12345",
            Destination = "447700900001",
            Registered = RegisteredReceipts.All,
            Text = text,
        },
        CancellationToken.None);

    public async Task SubmitAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(AcceptanceKind.Accepted, (await SubmitAsync()).Kind);
        }
    }

    /// <summary>An MO that a carrier bind of this node brings.</summary>
    public async Task BringMoAsync(string account, Protocol protocol = Protocol.Smpp) => Assert.Equal(MoVerdict.Stored, await Get<MoLedger>().RecordAsync(
        new NewMo
        {
            Connector = "carrier-a",
            Account = account,
            Protocol = protocol,
            BodyHash = Guid.NewGuid(),
            Source = $"44770090{Interlocked.Increment(ref _mos):D4}", // none is the repeat of another
            Destination = "67890",
            Body = [0x68, 0x69],
            At = TimeProvider.System.GetUtcNow(),
        },
        CancellationToken.None));

    /// <summary>What a connector does: takes what waits, makes the attempts durable, and sends those that the ledger grants.</summary>
    public async Task<IReadOnlyCollection<AttemptKey>> SendAsync(string connector = "carrier-a")
    {
        var segments = new List<QueuedSegment>();
        Link(connector).Lanes.TakeInto(segments, int.MaxValue);
        var attempts = segments.Select(segment => new NewAttempt(
            new AttemptKey(segment.Key, segment.Attempt), connector, $"{connector}@{Get<NodeIdentity>().Name}#1", TimeProvider.System.GetUtcNow())).ToList();
        IReadOnlyCollection<AttemptKey> granted = [];
        try
        {
            granted = attempts.Count == 0 ? [] : await Get<AttemptLedger>().AttemptAsync(attempts);
        }
        catch (FencedException)
        {
            // Nothing of it stands.
        }

        segments.ForEach(segment => Memory.Remove(segment.Key));
        return granted;
    }

    /// <summary>Waits until this node sees something of the others.</summary>
    public Task SeesAsync(Func<NodeDirectory, bool> what) => Eventually.TrueAsync(() => what(Directory), "the directory shows it");

    /// <summary>The process is gone: it renews nothing and gives nothing up.</summary>
    public async Task KillAsync()
    {
        foreach (var loop in Enumerable.Reverse(_loops))
        {
            await loop.StopAsync(CancellationToken.None);
        }

        _loops = [];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _services.DisposeAsync();
    }

    private static CarrierSettings Carrier(string name) => new() { Name = name, Host = "127.0.0.1", Port = 1, SystemId = "smsgw", Password = "smsgw" };
}
