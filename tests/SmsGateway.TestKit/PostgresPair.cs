using System.Net;
using Npgsql;

namespace SmsGateway.TestKit;

/// <summary>
/// A durable PostgreSQL and its synchronous standby, linked so that the link can be cut. Nobody watches over the two: the test decides when the standby takes over.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string Database = "smsgateway";
    private readonly PostgresServer _primary;
    private readonly PostgresServer _standby;
    private readonly CuttableLink _link;

    private PostgresPair(PostgresServer primary, PostgresServer standby, CuttableLink link)
    {
        (_primary, _standby, _link) = (primary, standby, link);
    }

    /// <summary>Both servers, so that whoever looks for the primary finds it.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1:{_primary.Port},127.0.0.1:{_standby.Port};Username=postgres;Database={Database};Host Recheck Seconds=1";

    /// <summary>Starts both, with an empty database; returns when every commit waits for the standby, and has it.</summary>
    public static async Task<PostgresPair> StartAsync(PostgresOptions options)
    {
        var binaries = PostgresBinaries.Find()
            ?? throw new InvalidOperationException("A primary and its standby need server binaries: set PG_BIN or install the package postgresql.");
        var primary = await PostgresServer.InitialiseAsync(binaries, options);
        await primary.StartAsync();
        await AnswersAsync(primary);
        await ExecuteAsync(primary, "postgres", $"CREATE DATABASE {Database}");
        var link = new CuttableLink(new IPEndPoint(IPAddress.Loopback, primary.Port));
        var standby = await PostgresServer.InitialiseAsync(binaries, options, $"host=127.0.0.1 port={link.Port} user=postgres application_name=standby");
        var pair = new PostgresPair(primary, standby, link);
        await standby.StartAsync();
        await AnswersAsync(standby);

        // After the copy, so that the standby waits for nobody when it takes over.
        await pair.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await pair.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await ScalarAsync<long>(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1, "the standby is synchronous");
        return pair;
    }

    /// <summary>Nothing gets to the standby any more: every commit waits.</summary>
    public void CutStandby() => _link.Cut();

    /// <summary>Cancels every wait for the standby: those COMMITs say success, and warn. Returns how many.</summary>
    public Task<long> CancelWaitsAsync() => ScalarAsync<long>(
        _primary, "SELECT count(*) FILTER (WHERE pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name LIKE 'smsgateway/%'");

    /// <summary>kill -9 of the primary and all its backends, for good; the standby takes over with what it has.</summary>
    public async Task FailOverAsync()
    {
        await _primary.KillAsync();
        _link.Reset();
        await ExecuteAsync(_standby, "postgres", "SELECT pg_promote(true, 60)");
    }

    /// <summary>Runs one statement on the primary as superuser.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(_primary, "postgres", sql);

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    private static string Of(PostgresServer server, string database) =>
        $"Host=127.0.0.1;Port={server.Port};Username=postgres;Database={database};Pooling=false";

    private static Task AnswersAsync(PostgresServer server) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await ScalarAsync<int>(server, "SELECT 1") == 1;
            }
            catch (NpgsqlException) when (server.IsRunning)
            {
                return false;
            }
        },
        "PostgreSQL answers",
        TimeSpan.FromSeconds(60));

    private static async Task ExecuteAsync(PostgresServer server, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Of(server, database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(Of(server, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
