using Npgsql;
using NpgsqlTypes;

namespace SmsGateway.Ledger;

/// <summary>The latest restore of the ledger to a point in time, as its own tables tell.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="OpenedAt">When the quarantine began.</param>
/// <param name="OpenedBy">A node that saw the ledger go back, or who ran the command.</param>
/// <param name="Evidence">What the node saw; null for the command.</param>
/// <param name="Since">The point in time; null until everything was put in doubt.</param>
/// <param name="QuarantinedAt">When everything was put in doubt; null: only suspected.</param>
/// <param name="ReleasedAt">When nodes might emit again; null: not yet.</param>
/// <param name="Segments">Waiting and parked segments that were put in doubt.</param>
/// <param name="Attempts">Attempts that were open at the point in time.</param>
/// <param name="InDoubt">How many of both are still undecided.</param>
/// <param name="Waiting">Segments that wait now.</param>
/// <param name="Owed">Deliveries that are owed now.</param>
/// <param name="Now">The ledger's clock.</param>
public sealed record RestoreStatus(
    long Seq, DateTimeOffset OpenedAt, string OpenedBy, string? Evidence, DateTimeOffset? Since, DateTimeOffset? QuarantinedAt, DateTimeOffset? ReleasedAt,
    long Segments, long Attempts, long InDoubt, long Waiting, long Owed, DateTimeOffset Now)
{
    /// <summary>No node gets an epoch.</summary>
    public bool IsOpen => ReleasedAt is null;
}

/// <summary>The quarantine after a restore to a point in time. Needs no registered node.</summary>
public sealed class RestoreLedger
{
    private readonly LedgerCore _core;

    internal RestoreLedger(LedgerCore core) => _core = core;

    /// <summary>The latest restore; null when there never was one.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<RestoreStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        var rows = await _core.ReadAsync(b => b.Add(LedgerSql.RestoreStatus), Read, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Fences all nodes and puts in doubt whatever may have been emitted since, in one transaction. Again while it is open: nothing more.</summary>
    /// <param name="since">The point in time; null = the last renewal of a lease that the ledger knows.</param>
    /// <param name="by">Who, for the audit.</param>
    /// <param name="cancellationToken">Ends the wait before COMMIT.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach, a transaction of a node stood in the way for 30 s, or unknown; call again.</exception>
    public async Task<RestoreStatus> QuarantineAsync(DateTimeOffset? since, AuditActor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        await InTransactionAsync(
            async transaction =>
            {
                await using var command = Command(transaction, LedgerSql.QuarantineRestore);
                Add(command, NpgsqlDbType.Text, by.Actor);
                Add(command, NpgsqlDbType.TimestampTz, since?.UtcDateTime);
                var seq = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
                await using var parked = Command(transaction, LedgerSql.QuarantineParked);
                Add(parked, NpgsqlDbType.Bigint, seq);
                await parked.ExecuteNonQueryAsync(cancellationToken);
                await AuditAsync(transaction, "restore quarantine", seq, "in quarantine", by, cancellationToken);
                return true;
            },
            cancellationToken);
        return (await StatusAsync(cancellationToken))!;
    }

    /// <summary>Ends the quarantine: nodes take new epochs, and emit.</summary>
    /// <param name="falseAlarm">Nothing was restored, so nothing was put in doubt. Only for one that a node opened.</param>
    /// <param name="by">Who, for the audit.</param>
    /// <param name="cancellationToken">Ends the wait before COMMIT.</param>
    /// <returns>False: none is open, or it is not of that kind.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public Task<bool> ReleaseAsync(bool falseAlarm, AuditActor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return InTransactionAsync(
            async transaction =>
            {
                await using var command = Command(transaction, LedgerSql.ReleaseRestore);
                Add(command, NpgsqlDbType.TimestampTz, _core.Time.GetUtcNow().UtcDateTime);
                Add(command, NpgsqlDbType.Boolean, falseAlarm);
                if (await command.ExecuteScalarAsync(cancellationToken) is not long seq)
                {
                    return false;
                }

                await AuditAsync(transaction, "restore release", seq, falseAlarm ? "false alarm" : "released", by, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static RestoreStatus Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetDateTime(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), When(row, 4), When(row, 5), When(row, 6),
        row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetDateTime(12));

    private static DateTimeOffset? When(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);

    private static NpgsqlCommand Command(NpgsqlTransaction transaction, string sql) => new(sql, transaction.Connection, transaction) { CommandTimeout = 0 };

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private async Task AuditAsync(NpgsqlTransaction transaction, string action, long seq, string after, AuditActor by, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, LedgerSql.AuditRestore);
        Add(command, NpgsqlDbType.TimestampTz, _core.Time.GetUtcNow().UtcDateTime);
        foreach (var text in (string?[])[by.Actor, by.Role, _core.Node.Name, action, $"restore {seq}", null, after, by.Note])
        {
            Add(command, NpgsqlDbType.Text, text);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // However many rows it moves; but a transaction of a node that stands in the way is named soon.
    private Task<bool> InTransactionAsync(Func<NpgsqlTransaction, Task<bool>> run, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var connection = await _core.Connections.OpenColdAsync(cancellationToken);
        string? notice = null;
        connection.Notice += (_, told) => notice ??= $"{told.Notice.Severity} {told.Notice.SqlState}";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var limits = Command(transaction, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'"))
        {
            await limits.ExecuteNonQueryAsync(cancellationToken);
        }

        var done = await run(transaction);
        await transaction.CommitAsync(CancellationToken.None);

        // A cancelled wait for the standby (docs/ledger.md): again is safe.
        return notice is null ? done : throw new UnknownOutcomeException($"The ledger gave a notice with its answer ({notice}); call again.");
    });
}
