namespace SmsGateway.Ledger;

/// <summary>Which rows of the parked list an operator means.</summary>
public sealed record ParkedChoice
{
    /// <summary>These; null = all that the rest means.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Of this kind; null = any.</summary>
    public string? Kind { get; init; }

    /// <summary>Of this connector; null = any.</summary>
    public string? Connector { get; init; }

    /// <summary>Of this account; null = any.</summary>
    public string? Account { get; init; }

    /// <summary>Parked at least this long.</summary>
    public TimeSpan OlderThan { get; init; }

    /// <summary>At most this many, the oldest.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>How many rows of one kind a choice means.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Rows.</param>
/// <param name="Redrivable">Of these, what can be driven again.</param>
public readonly record struct ParkedCount(string Kind, long Count, long Redrivable);

/// <summary>What was driven again or discarded.</summary>
/// <param name="Chosen">Rows the choice meant.</param>
/// <param name="Segments">Segments in the queue again; of a discard, rows discarded.</param>
/// <param name="Deliveries">Deliveries owed again.</param>
public readonly record struct ParkedDriven(long Chosen, long Segments, long Deliveries);

/// <summary>The parked list as an operator changes it; each change is one transaction with its line in the audit.</summary>
public sealed class ParkedLedger
{
    private readonly LedgerCore _core;

    internal ParkedLedger(LedgerCore core) => _core = core;

    /// <summary>How many rows a choice means, by kind. Changes nothing.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<ParkedCount>> CountAsync(ParkedChoice choice, CancellationToken cancellationToken) => _core.ReadAsync(
        b => Chosen(b, LedgerSql.CountParked, choice), row => new ParkedCount(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);

    /// <summary>Drives segments and deliveries again, from this node; other kinds stay on the list.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; again is safe.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<ParkedDriven> RedriveAsync(ParkedChoice choice, AuditActor by, string target, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        return _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                Audited(Chosen(b, LedgerSql.RedriveParked, choice), by, target).With(epoch);
            },
            async reader => await reader.NextResultAsync() ? await ReadAsync(reader) : default,
            cancellationToken);
    }

    /// <summary>Takes rows off the list of which nothing more is to become; segments stay: driven again they end with a receipt.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; again is safe.</exception>
    public Task<ParkedDriven> DiscardAsync(ParkedChoice choice, AuditActor by, string target, CancellationToken cancellationToken) => _core.RunAsync(
        b => Audited(Chosen(b, LedgerSql.DiscardParked, choice), by, target), ReadAsync, cancellationToken);

    private static async Task<ParkedDriven> ReadAsync(Npgsql.NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        return new ParkedDriven(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private Npgsql.NpgsqlBatchCommand Chosen(Npgsql.NpgsqlBatch batch, string sql, ParkedChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var command = batch.Add(sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter
        {
            Value = choice.Ids is { } ids ? ids.ToArray() : DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid,
        });
        return command.WithText(choice.Kind).WithText(choice.Connector).WithText(choice.Account).With(_core.Time.GetUtcNow() - choice.OlderThan).With(choice.Limit);
    }

    private Npgsql.NpgsqlBatchCommand Audited(Npgsql.NpgsqlBatchCommand command, AuditActor by, string target)
    {
        ArgumentNullException.ThrowIfNull(by);
        return command.With(_core.Time.GetUtcNow()).With(by.Actor).With(by.Role).With(_core.Node.Name).With(target).WithText(by.Note);
    }
}
