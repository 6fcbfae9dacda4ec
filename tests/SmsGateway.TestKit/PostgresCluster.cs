using Npgsql;

namespace SmsGateway.TestKit;

/// <summary>
/// A throw-away PostgreSQL: a server named by SMSGATEWAY_TEST_POSTGRES, else one from the machine's binaries (<see cref="PostgresBinaries"/>), else a
/// container. It ends with the test process, however that ends. <see cref="SharedAsync"/> is one per test run; fault tests start their own.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> SharedCluster = new(StartSharedAsync);

    private readonly PostgresServer? _server;
    private readonly PostgresContainer? _container;
    private readonly SemaphoreSlim _creating = new(1);
    private readonly Dictionary<string, string> _templates = [];
    private readonly List<string> _created = [];
    private readonly bool _isQuick;
    private int _databases;

    private PostgresCluster(string connectionString, bool isQuick, PostgresServer? server = null, PostgresContainer? container = null)
    {
        (ConnectionString, _isQuick, _server, _container) = (connectionString, isQuick, server, container);
    }

    /// <summary>Superuser, maintenance database. Tests work in databases of their own: <see cref="CreateDatabaseAsync"/>.</summary>
    public string ConnectionString { get; }

    /// <summary>The postmaster's process id; null while stopped or when the server is not ours.</summary>
    public int? ProcessId => _server?.ProcessId;

    /// <summary>The quick cluster of this test run, started by its first user.</summary>
    public static Task<PostgresCluster> SharedAsync() => SharedCluster.Value;

    /// <summary>A cluster for one fixture. Always a private server from binaries: its options and faults would hurt anybody else's.</summary>
    public static async Task<PostgresCluster> StartAsync(PostgresOptions? options = null)
    {
        var binaries = PostgresBinaries.Find()
            ?? throw new InvalidOperationException("This test stops and kills its own PostgreSQL and needs server binaries: set PG_BIN or install the package postgresql.");
        return await StartAsync(binaries, options ?? PostgresOptions.Quick);
    }

    /// <summary>A second server that follows this one by streaming replication, with all its databases. Promote it with <see cref="PromoteAsync"/>.</summary>
    public Task<PostgresCluster> StartStandbyAsync(PostgresOptions? options = null) =>
        StartAsync(PostgresBinaries.Find()!, options ?? PostgresOptions.Quick, $"host=127.0.0.1 port={OwnServer().Port} user=postgres");

    /// <summary>Makes a standby the primary, on the next timeline.</summary>
    public Task PromoteAsync() => ExecuteAsync("SELECT pg_promote(wait => true, wait_seconds => 60)");

    /// <summary>A new, empty database, or a copy of the one <paramref name="template"/> names; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        await _creating.WaitAsync();
        try
        {
            return await CreateAsync(template);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>A copy of a database that <paramref name="fill"/> migrates once per cluster: about 30 ms each instead of the whole migration.</summary>
    /// <param name="name">What the template holds; the same name is filled only once.</param>
    /// <param name="fill">Gets the template's connection string.</param>
    public async Task<string> CopyTemplateAsync(string name, Func<string, Task> fill)
    {
        await _creating.WaitAsync();
        try
        {
            if (!_templates.TryGetValue(name, out var template))
            {
                var connectionString = await CreateAsync(null);
                await fill(connectionString);
                template = new NpgsqlConnectionStringBuilder(connectionString).Database!;
                // A template that somebody is connected to cannot be copied.
                await ExecuteAsync($"ALTER DATABASE {template} ALLOW_CONNECTIONS false");
                await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'");
                _templates.Add(name, template);
            }
            return await CreateAsync(template);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Clean stop of the server; the data stays for <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => OwnServer().StopAsync("INT");

    /// <summary>kill -9 of the server and all its backends.</summary>
    public Task KillAsync() => OwnServer().KillAsync();

    /// <summary>SIGSTOP of the whole server: connections stay, nothing answers.</summary>
    public void Freeze() => OwnServer().Freeze(true);

    public void Thaw() => OwnServer().Freeze(false);

    /// <summary>Starts the stopped or killed server again, on the same port and data; a running one is stopped cleanly first. Returns when it answers.</summary>
    public async Task RestartAsync()
    {
        var server = OwnServer();
        if (server.ProcessId is not null)
            await server.StopAsync("INT");
        // While it was down anybody may have got its port, such as an outgoing connection: it is free again soon.
        for (var attempt = 1; ; attempt++)
        {
            await Eventually.TrueAsync(() => FreePort.IsFree(server.Port), $"port {server.Port} is free again");
            await server.StartAsync();
            try
            {
                await ReadyAsync(ConnectionString, server);
                return;
            }
            catch (InvalidOperationException) when (attempt < 5 && server.LogTail.Contains("Address already in use", StringComparison.Ordinal))
            {
                await server.StopAsync("INT");
            }
        }
    }

    /// <summary>A base backup, as the first step of <see cref="RestoreAsync"/>. Once, and only with <see cref="PostgresOptions.Archived"/>.</summary>
    public Task BackUpAsync() => OwnServer().BackUpAsync();

    /// <summary>The data of the stopped server are those of a point in time after the backup: it is started, recovers, and is a primary when this returns.</summary>
    public async Task RestoreAsync(DateTimeOffset to)
    {
        await OwnServer().RestoreAsync(to);
        await RestartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand("SELECT NOT pg_is_in_recovery()", connection);
                return (bool)(await command.ExecuteScalarAsync())!;
            },
            "the restored server is a primary",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Runs one statement as superuser in the maintenance database, such as ALTER SYSTEM.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_container is not null)
            await _container.DisposeAsync();
        _creating.Dispose();
    }

    private static async Task<PostgresCluster> StartSharedAsync()
    {
        var options = PostgresOptions.Quick;
        if (Environment.GetEnvironmentVariable("SMSGATEWAY_TEST_POSTGRES") is { Length: > 0 } given)
        {
            var external = new PostgresCluster(Unpooled(given), isQuick: false);
            // Not our server: leave nothing behind.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => external.DropAllAsync().GetAwaiter().GetResult();
            return external;
        }
        if (PostgresBinaries.Find() is { } binaries)
            return await StartAsync(binaries, options);
        if (PostgresContainer.FindEngine() is not { } engine)
            throw new InvalidOperationException("No PostgreSQL for the tests: set SMSGATEWAY_TEST_POSTGRES to a connection string, or install server binaries (apt-get install postgresql, or set PG_BIN), or install docker or podman.");
        var container = await PostgresContainer.StartAsync(engine, options);
        var cluster = new PostgresCluster(Local(container.Port), isQuick: true, container: container);
        await ReadyAsync(cluster.ConnectionString, null);
        return cluster;
    }

    private static async Task<PostgresCluster> StartAsync(string binaries, PostgresOptions options, string? copyOf = null)
    {
        // Somebody may take the free port before the server does: another one, a few times.
        for (var attempt = 1; ; attempt++)
        {
            var server = await PostgresServer.InitialiseAsync(binaries, options, copyOf);
            try
            {
                await server.StartAsync();
                await ReadyAsync(Local(server.Port), server);
                return new PostgresCluster(Local(server.Port), !options.IsDurable, server);
            }
            catch (InvalidOperationException) when (attempt < 3 && server.LogTail.Contains("Address already in use", StringComparison.Ordinal))
            {
                await server.DisposeAsync();
            }
        }
    }

    private static Task ReadyAsync(string connectionString, PostgresServer? server) => Eventually.TrueAsync(
        async () =>
        {
            if (server is { IsRunning: false })
                throw new InvalidOperationException($"PostgreSQL ended at its start:\n{server.LogTail}");
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        },
        $"PostgreSQL answers\n{server?.LogTail}",
        TimeSpan.FromSeconds(60));

    private static string Local(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";

    private static string Unpooled(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private async Task<string> CreateAsync(string? template)
    {
        var database = $"t{Environment.ProcessId}_{++_databases}";
        // A file copy is quickest where nobody waits for a disk.
        var copy = template is null ? "" : $" TEMPLATE {template}{(_isQuick ? " STRATEGY FILE_COPY" : "")}";
        await ExecuteAsync($"CREATE DATABASE {database}{copy}");
        _created.Add(database);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = true }.ConnectionString;
    }

    private async Task DropAllAsync()
    {
        foreach (var database in _created)
            await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    private PostgresServer OwnServer() =>
        _server ?? throw new InvalidOperationException("The shared cluster may be somebody else's server: fault tests use PostgresCluster.StartAsync.");
}
