using System.Globalization;
using Npgsql;

namespace SmsGateway.Ledger;

// Keys expire by generation: a partition of its own, dropped whole once it is neither the current nor the previous one.
// A key so lives between one and two retentions. The switch takes the lock that every claim shares, so that no claim
// that looked at one pair of generations writes while another pair is in force.
internal static class KeyGenerations
{
    /// <summary>Switches when the current generation is as old as the retention.</summary>
    public static async Task<bool> SwitchWhenDueAsync(NpgsqlConnection connection, TimeSpan retention, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await DropOldAsync(connection, cancellationToken);
        var (current, since) = await ReadAsync(connection, cancellationToken);
        if (now - since < retention)
        {
            return false;
        }

        // First the room for the new keys, which nobody waits for; then the switch, which is one row.
        var next = Name(current + 1);
        if (await Partitions.ScalarAsync(connection, $"SELECT to_regclass('{next}') IS NOT NULL", cancellationToken) is not true)
        {
            await using var making = await connection.BeginTransactionAsync(cancellationToken);
            await Partitions.ExecuteAsync(connection, $"CREATE TABLE {next} (LIKE ledger_key INCLUDING ALL)", cancellationToken);
            await Partitions.ExecuteAsync(connection, $"ALTER TABLE ledger_key ATTACH PARTITION {next} FOR VALUES IN ({Text(current + 1)})", cancellationToken);
            await making.CommitAsync(cancellationToken);
        }

        await using (var switching = await connection.BeginTransactionAsync(cancellationToken))
        {
            await Partitions.ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(7310001)", cancellationToken);
            await using var command = new NpgsqlCommand(
                "UPDATE key_generation SET previous = current, current = current + 1, since = $1 WHERE current = $2", connection)
            {
                Parameters = { new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime }, new NpgsqlParameter<int> { TypedValue = current } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await switching.CommitAsync(cancellationToken);
        }

        await DropOldAsync(connection, cancellationToken);
        return true;
    }

    private static async Task DropOldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (current, _) = await ReadAsync(connection, cancellationToken);
        for (var old = current - 2; await Partitions.ScalarAsync(connection, $"SELECT to_regclass('{Name(old)}') IS NOT NULL", cancellationToken) is true; old--)
        {
            await Partitions.ExecuteAsync(connection, $"DROP TABLE {Name(old)}", cancellationToken);
        }
    }

    private static async Task<(int Current, DateTimeOffset Since)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current, since FROM key_generation", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), new DateTimeOffset(reader.GetDateTime(1)));
    }

    private static string Name(int generation) => "ledger_key_" + Text(generation);

    private static string Text(int generation) => generation.ToString(CultureInfo.InvariantCulture);
}
