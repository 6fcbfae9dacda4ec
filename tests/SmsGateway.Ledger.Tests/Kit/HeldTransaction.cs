using Npgsql;

namespace SmsGateway.Ledger.Tests;

// Stops the transactions that insert certain rows into a table: their row is written and not committed until they are released.
internal sealed class HeldTransaction : IAsyncDisposable
{
    private readonly LedgerUnderTest _ledger;
    private readonly NpgsqlConnection _connection;
    private readonly int _key;

    private HeldTransaction(LedgerUnderTest ledger, NpgsqlConnection connection, int key) => (_ledger, _connection, _key) = (ledger, connection, key);

    /// <param name="ledger">Over the database.</param>
    /// <param name="table">Whose inserts are held.</param>
    /// <param name="when">Which rows, as a condition on NEW.</param>
    public static async Task<HeldTransaction> AtInsertAsync(LedgerUnderTest ledger, string table, string when)
    {
        var key = Random.Shared.Next(1_000_000, 2_000_000);
        await ledger.ExecuteAsync($"""
            CREATE FUNCTION hold_{key}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock({key}); RETURN NULL; END';
            CREATE TRIGGER hold_{key} AFTER INSERT ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION hold_{key}();
            """);
        var connection = await ledger.Connections.Cold.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({key})", connection);
        await command.ExecuteNonQueryAsync();
        return new HeldTransaction(ledger, connection, key);
    }

    /// <summary>Returns when a transaction is held.</summary>
    public Task ReachedAsync() => TestKit.Eventually.TrueAsync(
        () => _ledger.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = {_key} AND NOT granted)"),
        "the transaction waits");

    public async Task ReleaseAsync()
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({_key})", _connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
