using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// The connectors of one node over the real ledger, a scripted SMSC beyond them and nothing else of the host.
internal sealed class CarrierBench : IAsyncDisposable
{
    public const string Carrier = "carrier-a";
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _database;
    private readonly string _connectionString;
    private readonly bool _isBeside;
    private long _handed;

    private CarrierBench(ServiceProvider services, string connectionString, CarrierBench? beside)
    {
        _services = services;
        _connectionString = connectionString;
        _database = NpgsqlDataSource.Create(connectionString);
        (_isBeside, Smsc) = beside is null ? (false, new ScriptedSmsc()) : (true, beside.Smsc);
    }

    public ScriptedSmsc Smsc { get; }

    /// <summary>What the lease goes by. It stands still, so the lease lasts until a test turns it.</summary>
    public required ManualTimeProvider LeaseClock { get; init; }

    public CarrierConnectors Connectors => _services.GetRequiredService<CarrierConnectors>();

    public ConnectorLink Link => _services.GetRequiredService<ConnectorLinks>().Get(Carrier);

    public SegmentsInMemory Memory => _services.GetRequiredService<SegmentsInMemory>();

    public BindDirectory Binds => _services.GetRequiredService<BindDirectory>();

    public ClaimLedger Claims => _services.GetRequiredService<ClaimLedger>();

    public QueueLedger Queue => _services.GetRequiredService<QueueLedger>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts the ledger's and the carriers' classes; binds come with <see cref="ConfigureAsync"/>.</summary>
    public static async Task<CarrierBench> StartAsync(params (string Option, string Value)[] options)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var connectionString = await cluster.CopyTemplateAsync(
            "ledger", database => LedgerMigrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));
        return await StartAsync("smsc1.dc3", connectionString, beside: null, options);
    }

    /// <summary>Another node over the same ledger and SMSC. Disposed before this one.</summary>
    public Task<CarrierBench> BesideAsync(string node, params (string Option, string Value)[] options) => StartAsync(node, _connectionString, this, options);

    /// <summary>What LeaseLoop does each second: reads who else there is.</summary>
    public async Task ReadDirectoryAsync()
    {
        var (nodes, latest) = await Get<NodeLedger>().DirectoryAsync(CancellationToken.None);
        Get<NodeDirectory>().Take(nodes, _ => false, latest);
    }

    private static async Task<CarrierBench> StartAsync(
        string node, string connectionString, CarrierBench? beside, (string Option, string Value)[] options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Ledger:ConnectionString"] = connectionString,
            ["Ledger:RequireDurability"] = "false",
            ["Hold:Enabled"] = "false",
        };
        foreach (var (option, value) in options)
        {
            settings[option.Contains(':', StringComparison.Ordinal) ? option : $"Carriers:{option}"] = value;
        }

        var leaseClock = new ManualTimeProvider();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
            .AddSingleton<ConfigurationState>()
            .AddSingleton<ConnectorLinks>()
            .AddSingleton<QueueDepths>()
            .AddSingleton<SegmentsInMemory>()
            .AddSingleton<UnknownAttempts>()
            .AddSingleton<UntoldEnds>()
            .AddSingleton<BindDirectory>()
            .AddSingleton<Draining>()
            .AddSingleton<NodeDirectory>()
            .AddSingleton<NodeStance>()
            .AddSingleton<HostMetrics>()
            .AddLedger(node, "dc3")
            .AddSingleton(provider => new NodeLease(leaseClock, provider.GetRequiredService<LedgerOptions>()))
            .AddHold()
            .AddCarriers()
            .AddSingleton<HasReceivingBind>(account => account == "acme")
            .AddSingleton<EpochRefused>(provider => () => Interlocked.Increment(ref provider.GetRequiredService<Refusals>().Count))
            .AddSingleton<Refusals>()
            .BuildServiceProvider();
        var bench = new CarrierBench(services, connectionString, beside) { LeaseClock = leaseClock };
        await bench.Get<NodeLedger>().RegisterAsync("test", CancellationToken.None);
        await bench.Connectors.StartAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Puts the carrier in force and waits until it is live.</summary>
    public async Task ConfigureAsync(Func<CarrierSettings, CarrierSettings>? change = null)
    {
        Apply(change);
        await Eventually.TrueAsync(() => Link.Live, "the connector is live");
    }

    /// <summary>Waits until so many binds take submits; the list of binds shows each a little before.</summary>
    public Task SubmitBindsAsync(int count) => Eventually.TrueAsync(() => Connectors.Statuses.Single().SubmitBinds == count, $"{count} binds take submits");

    public void Apply(Func<CarrierSettings, CarrierSettings>? change = null)
    {
        var carrier = new CarrierSettings
        {
            Name = Carrier,
            Host = "127.0.0.1",
            Port = Smsc.Port,
            SystemId = "smsgw",
            Password = "smsgw",
            Window = 100,
            Reconnect = new CarrierReconnect { First = TimeSpan.FromMilliseconds(20), Max = TimeSpan.FromMilliseconds(100) },
            RetryDelay = TimeSpan.Zero,
        };
        var document = new ConfigurationDocument
        {
            Accounts = [new AccountSettings { Name = "demo", CallbackUrl = new Uri("http://127.0.0.1/") }, new AccountSettings { Name = "acme" }],
            Carriers = [change?.Invoke(carrier) ?? carrier],
            Numbers = [new NumberSettings { Number = "12345", Account = "demo" }, new NumberSettings { Number = "67890", Account = "acme" }],
        };
        Get<ConfigurationState>().Swap(new ConfigurationSnapshot(1, "", document));
    }

    public NewEntry Entry(int parts = 1, TimeSpan? validity = null, RegisteredReceipts registered = RegisteredReceipts.All)
    {
        var number = Interlocked.Increment(ref _handed);
        var now = TimeProvider.System.GetUtcNow();
        return new NewEntry
        {
            Id = MessageKeys.NewUnkeyed(TimeProvider.System),
            Keyed = false,
            Account = "demo",
            Protocol = Protocol.Http,
            Sender = "12345",
            Destination = $"4477{number:D8}",
            Route = [Carrier],
            Priority = Priority.Bulk,
            Registered = registered,
            DataCoding = 0,
            Payloads = [.. Enumerable.Range(1, parts).Select(part => System.Text.Encoding.ASCII.GetBytes($"message {number} part {part}"))],
            AcceptedAt = now,
            ValidUntil = now + (validity ?? TimeSpan.FromHours(1)),
        };
    }

    /// <summary>Claims messages and puts their segments into the lanes, as Flow does.</summary>
    public async Task<NewEntry[]> HandInAsync(int count, Func<NewEntry>? make = null)
    {
        var entries = Enumerable.Range(0, count).Select(_ => make?.Invoke() ?? Entry()).ToArray();
        var verdicts = await Task.WhenAll(entries.Select(entry => Claims.ClaimAsync(entry, CancellationToken.None).AsTask()));
        Assert.All(verdicts, verdict => Assert.True(verdict.MayEmit));
        foreach (var entry in entries)
        {
            for (short segment = 1; segment <= entry.Parts; segment++)
            {
                Enqueue(entry.ToQueued(segment));
            }
        }

        return entries;
    }

    public void Enqueue(QueuedSegment segment)
    {
        Assert.True(Memory.TryAdd(segment.Key, segment.Account));
        Assert.True(Link.Lanes.TryEnqueue(segment));
    }

    /// <summary>Waits until memory holds no segment: it lets go of one only after it was sent, and until then <see cref="PumpAsync"/> passes it over.</summary>
    public Task ForgottenAsync() => Eventually.TrueAsync(() => Memory.Count == 0, "memory holds nothing");

    /// <summary>What QueuePump does: brings what is due in the ledger and not in memory.</summary>
    public async Task PumpAsync()
    {
        var moved = await Queue.FetchMovedAsync(Carrier, Priority.Bulk, 10_000, CancellationToken.None);
        foreach (var segment in moved.Concat(await Queue.FetchAsync(Carrier, Priority.Bulk, 10_000, 0, CancellationToken.None)))
        {
            if (Memory.TryAdd(segment.Key, segment.Account))
            {
                Assert.True(Link.Lanes.TryEnqueue(segment, fromLedger: true));
            }
        }
    }

    public async Task<long> CountAsync(string table, string condition = "true")
    {
        await using var command = _database.CreateCommand($"SELECT count(*) FROM {table} WHERE {condition}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Task CountedAsync(long count, string table, string condition = "true") => Eventually.TrueAsync(
        async () => await CountAsync(table, condition) == count, $"{count} rows of {table} where {condition}");

    public async Task<List<T>> ColumnAsync<T>(string select)
    {
        await using var command = _database.CreateCommand(select);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    /// <summary>Nobody else writes to the table, or reads it either, until the lock is disposed.</summary>
    public async Task<IAsyncDisposable> LockedAsync(string table, bool forReadersToo = false)
    {
        var connection = await _database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN {(forReadersToo ? "ACCESS EXCLUSIVE" : "EXCLUSIVE")} MODE", connection);
        await command.ExecuteNonQueryAsync();
        return new TableLock(connection);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Connectors.StopSendingAsync();
        await Connectors.UnbindAllAsync(TimeSpan.FromSeconds(2));
        await Connectors.StopAsync(CancellationToken.None);
        if (!_isBeside)
        {
            await Smsc.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>How often the lease was told that an epoch was refused.</summary>
    public int EpochRefusals => Volatile.Read(ref Get<Refusals>().Count);

    private sealed class Refusals
    {
        public int Count;
    }

    private sealed class TableLock(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (var command = new NpgsqlCommand("COMMIT", connection))
            {
                await command.ExecuteNonQueryAsync();
            }

            await connection.DisposeAsync();
        }
    }
}
