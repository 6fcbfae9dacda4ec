using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// One node's ledger classes over one database.
internal sealed class LedgerUnderTest : IAsyncDisposable
{
    private LedgerUnderTest(string connectionString, LedgerOptions options, string node, TimeProvider time, string? process)
    {
        ConnectionString = connectionString;
        Node = new NodeIdentity(node, "dc3");
        Connections = new LedgerConnections(options, Node);
        Feed.Subscribe(some =>
        {
            lock (Announced)
            {
                Announced.AddRange(some);
            }
        });
        Core = LedgerCore.Create(options, Connections, Node, Feed, time, NullLoggerFactory.Instance) with { Process = process ?? ProcessIdentity.Mine };
        Joins = new ReceiptJoins(Core);
        Claims = new ClaimLedger(Core);
        Attempts = new AttemptLedger(Core);
        Outcomes = new OutcomeLedger(Core, Joins);
        Queue = new QueueLedger(Core, Joins);
        Receipts = new ReceiptLedger(Core, Joins);
        Doubts = new DoubtLedger(Core, Joins);
        ParkedList = new ParkedLedger(Core);
        Mos = new MoLedger(Core);
        MoRepeats = new MoRepeats(Core);
        Outbox = new OutboxLedger(Core);
        Lease = new NodeLease(time, options);
        Nodes = new NodeLedger(Core, Lease);
        Modes = new ModeLedger(Core);
        Restores = new RestoreLedger(Core);
        Rates = new RateLedger(Core);
        BindSlots = new BindSlotLedger(Core);
        Hints = new LedgerHints(Core);
        Configuration = new ConfigurationStore(Core);
        Calendar = new PartitionCalendar(Core);
        Messages = new MessageQueries(Core);
        Health = new LedgerHealth(Core);
    }

    public string ConnectionString { get; }

    public NodeIdentity Node { get; }

    public LedgerConnections Connections { get; }

    public DeliveryFeed Feed { get; } = new();

    public List<Delivery> Announced { get; } = [];

    public LedgerCore Core { get; }

    public ReceiptJoins Joins { get; }

    public ClaimLedger Claims { get; }

    public AttemptLedger Attempts { get; }

    public OutcomeLedger Outcomes { get; }

    public QueueLedger Queue { get; }

    public ReceiptLedger Receipts { get; }

    public DoubtLedger Doubts { get; }

    public ParkedLedger ParkedList { get; }

    public MoLedger Mos { get; }

    public MoRepeats MoRepeats { get; }

    public OutboxLedger Outbox { get; }

    public NodeLease Lease { get; }

    public NodeLedger Nodes { get; }

    public ModeLedger Modes { get; }

    public RestoreLedger Restores { get; }

    public RateLedger Rates { get; }

    public BindSlotLedger BindSlots { get; }

    public LedgerHints Hints { get; }

    public ConfigurationStore Configuration { get; }

    public PartitionCalendar Calendar { get; }

    public MessageQueries Messages { get; }

    public LedgerHealth Health { get; }

    /// <summary>A migrated database of its own in the shared cluster.</summary>
    public static async Task<string> DatabaseAsync(PostgresCluster? cluster = null) =>
        await (cluster ?? await PostgresCluster.SharedAsync()).CopyTemplateAsync(
            "ledger", connection => LedgerMigrator.MigrateAsync(connection, TimeProvider.System, CancellationToken.None));

    /// <summary>A registered node over a database.</summary>
    public static async Task<LedgerUnderTest> StartAsync(
        string connectionString, string node = "smsc1.dc3", TimeProvider? time = null, Action<LedgerOptions>? configure = null,
        string? process = null)
    {
        var ledger = Over(connectionString, configure, node, time, process);
        await ledger.Nodes.RegisterAsync("test", CancellationToken.None);
        return ledger;
    }

    /// <summary>A node over a database that is not registered.</summary>
    public static LedgerUnderTest Over(
        string connectionString, Action<LedgerOptions>? configure = null, string node = "smsc1.dc3", TimeProvider? time = null, string? process = null)
    {
        // Patient: a slow machine is not a silent ledger.
        var options = new LedgerOptions
        {
            ConnectionString = connectionString,
            RequireDurability = false,
            AbandonAfter = TimeSpan.FromMinutes(2),
            RetryFor = TimeSpan.FromMinutes(2),
        };
        if (time is null)
        {
            options.LeaseValidFor = TimeSpan.FromMinutes(2);
        }

        configure?.Invoke(options);
        return new LedgerUnderTest(connectionString, options, node, time ?? TimeProvider.System, process);
    }

    /// <summary>This node as another one sees it.</summary>
    public async Task<NodeStanding> SeenByAsync(LedgerUnderTest other) =>
        (await other.Nodes.ListAsync(CancellationToken.None)).Single(n => n.Id == Node.Current.Node);

    /// <summary>This node's lease ended by another node that judged it dead.</summary>
    public async Task<NodeEpoch> TakenOverByAsync(LedgerUnderTest other)
    {
        Assert.True(await other.Nodes.TakeOverAsync(await SeenByAsync(other), CancellationToken.None));
        return new NodeEpoch(Node.Current.Node, (await SeenByAsync(other)).Epoch);
    }

    /// <summary>Whether a transaction of the node of that name waits in this database for a row that another one has.</summary>
    public Task<bool> WaitsForRowAsync(string node) => ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event <> 'advisory' AND application_name = 'smsgateway/{node}' AND datname = current_database())");

    /// <summary>One value straight from the database.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Connections.Cold.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Connections.Cold.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Claims.DisposeAsync();
        await Attempts.DisposeAsync();
        await Outcomes.DisposeAsync();
        await Receipts.DisposeAsync();
        await Mos.DisposeAsync();
        await Outbox.DisposeAsync();
        await Connections.DisposeAsync();
    }
}
