using System.Globalization;
using Npgsql;

namespace SmsGateway.Ledger;

// Day partitions of the history tables. Names and days are made here, never taken from outside.
internal static class Partitions
{
    /// <summary>Partitioned by the day of the message, which open rows refer to.</summary>
    public static readonly string[] MessageTables = ["entry", "entry_text", "attempt_end", "attempt_evidence", "receipt", "mo"];

    /// <summary>Partitioned by the day of the row itself.</summary>
    public static readonly string[] OwnDayTables = ["delivery_end"];

    public static IEnumerable<string> Tables => MessageTables.Concat(OwnDayTables);

    public static string NameOf(string table, DateOnly day) => table + "_" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Makes a day's partition. Rows of that day that went to DEFAULT meanwhile come along.</summary>
    /// <returns>False when it was there.</returns>
    public static async Task<bool> EnsureAsync(NpgsqlConnection connection, string table, DateOnly day, CancellationToken cancellationToken)
    {
        var name = NameOf(table, day);
        if (await ScalarAsync(connection, $"SELECT to_regclass('{name}') IS NOT NULL", cancellationToken) is true)
        {
            return false;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)", cancellationToken);
        await ExecuteAsync(connection, $"LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE", cancellationToken);
        await ExecuteAsync(
            connection, $"WITH early AS (DELETE FROM {table}_default WHERE day = {Literal(day)} RETURNING *) INSERT INTO {name} SELECT * FROM early", cancellationToken);
        await ExecuteAsync(
            connection, $"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({Literal(day)}) TO ({Literal(day.AddDays(1))})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Drops a day's partition; what open rows refer to goes to DEFAULT first.</summary>
    /// <returns>Rows that were moved.</returns>
    public static async Task<int> DropAsync(NpgsqlConnection connection, string table, DateOnly day, CancellationToken cancellationToken)
    {
        var name = NameOf(table, day);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"ALTER TABLE {table} DETACH PARTITION {name}", cancellationToken);
        var moved = MessageTables.Contains(table)
            ? await ExecuteAsync(connection, $"INSERT INTO {table} SELECT * FROM {name} WHERE id IN ({Open("= " + Literal(day))})", cancellationToken)
            : 0;
        await ExecuteAsync(connection, $"DROP TABLE {name}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    /// <summary>Removes what is past retention from DEFAULT and that nothing open refers to any more.</summary>
    public static async Task SweepDefaultAsync(NpgsqlConnection connection, string table, DateOnly before, CancellationToken cancellationToken)
    {
        var open = MessageTables.Contains(table) ? $" AND id NOT IN ({Open("< " + Literal(before))})" : "";
        await ExecuteAsync(connection, $"DELETE FROM {table}_default WHERE day < {Literal(before)}{open}", cancellationToken);
    }

    /// <summary>The days that have a partition, oldest first.</summary>
    public static async Task<List<DateOnly>> DaysAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '{table}'::regclass ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<DateOnly>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (DateOnly.TryParseExact(reader.GetString(0)[(table.Length + 1)..], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                days.Add(day);
            }
        }

        return days;
    }

    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static string Literal(DateOnly day) => "'" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "'";

    private static string Open(string days) =>
        $"SELECT id FROM queue WHERE day {days} UNION ALL SELECT id FROM attempt WHERE day {days} " +
        $"UNION ALL SELECT id FROM underived WHERE day {days} UNION ALL SELECT entry_id FROM outbox WHERE entry_day {days} " +
        $"UNION ALL SELECT entry_id FROM parked WHERE kind = 'segment' AND entry_id IS NOT NULL AND entry_day {days}";
}
