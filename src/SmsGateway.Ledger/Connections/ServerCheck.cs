using Npgsql;

namespace SmsGateway.Ledger;

// Run on each new physical connection for hot transactions, before its first statement, and by whoever looks for the primary: a promise made to a
// standby, to a server without fsync, or to an old primary that came back would not be one.
internal sealed class ServerCheck(bool requireDurability)
{
    private const string Sql = """
        SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('synchronous_commit'),
            CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END
        """;

    private readonly Lock _gate = new();
    private string _timeline = "";

    /// <returns>The server's timeline.</returns>
    /// <exception cref="LedgerUnavailableException">It must not be used; the message says why.</exception>
    public async Task<string> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(0))
        {
            throw new LedgerUnavailableException("The server is a standby (in recovery), not the primary.");
        }

        if (requireDurability && reader.GetString(1) != "on")
        {
            throw new LedgerUnavailableException("The server runs with fsync off: nothing it says is durable. Switch fsync on.");
        }

        if (requireDurability && reader.GetString(2) is "off" or "local")
        {
            throw new LedgerUnavailableException("synchronous_commit is off or local for this user or database. Set it to on, remote_apply or remote_write.");
        }

        var timeline = reader.GetString(3);
        RefuseOlderTimeline(timeline);
        return timeline;
    }

    private void RefuseOlderTimeline(string timeline)
    {
        lock (_gate)
        {
            if (string.CompareOrdinal(timeline, _timeline) < 0)
            {
                throw new LedgerUnavailableException($"The server is on timeline {timeline}, older than {_timeline} seen before: a primary that was replaced.");
            }

            _timeline = timeline;
        }
    }
}
