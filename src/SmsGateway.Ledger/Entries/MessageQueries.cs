using Npgsql;
using NpgsqlTypes;

namespace SmsGateway.Ledger;

/// <summary>Reads for operators. Not for hot paths.</summary>
public sealed class MessageQueries
{
    private readonly LedgerCore _core;

    internal MessageQueries(LedgerCore core) => _core = core;

    /// <summary>The trace of one message; null when it is unknown or past retention.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<MessageTrace?> FindAsync(MessageId id, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var connection = await _core.Connections.OpenColdAsync(cancellationToken);
        var entry = (await RowsAsync(connection, LedgerSql.TraceEntry, id.Value, row => TraceRows.Entry(id, row), cancellationToken)).FirstOrDefault();
        if (entry is null)
        {
            return null;
        }

        var queued = await RowsAsync(connection, LedgerSql.TraceQueue, id.Value, TraceRows.Queued, cancellationToken);
        var attempts = await RowsAsync(connection, LedgerSql.TraceAttempts, id.Value, TraceRows.Attempt, cancellationToken);
        var receipts = await RowsAsync(connection, LedgerSql.TraceReceipts, id.Value, TraceRows.Receipt, cancellationToken);
        var deliveries = await RowsAsync(connection, LedgerSql.TraceDeliveries, id.Value, TraceRows.Delivery, cancellationToken);
        var parked = await RowsAsync(connection, LedgerSql.TraceParked, id.Value, row => row.GetInt16(0), cancellationToken);
        return MtStates.Trace(entry, queued, parked, attempts, receipts, deliveries);
    });

    /// <summary>The trace by account and client's id (whole messages; parts that a client submitted itself have ids of their own); null when unknown.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<MessageTrace?> FindAsync(string account, string clientMessageId, CancellationToken cancellationToken) =>
        FindAsync(new MessageId(_core.Node.Keys.ForClientMessageId(account, clientMessageId)), cancellationToken);

    /// <summary>Attempts without an end, oldest first; those whose epoch is gone are in doubt for certain, of its own the caller knows the binds.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<OpenAttempt>> OpenAttemptsAsync(int limit, bool onlyGoneEpochs, CancellationToken cancellationToken) => ReadAsync(
        LedgerSql.OpenAttempts,
        TraceRows.OpenAttempt,
        cancellationToken,
        new NpgsqlParameter<int> { TypedValue = limit },
        new NpgsqlParameter<bool> { TypedValue = onlyGoneEpochs });

    /// <summary>The parked list, newest first.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<ParkedItem>> ParkedAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(LedgerSql.ParkedList, TraceRows.Parked, cancellationToken, new NpgsqlParameter<int> { TypedValue = limit });

    /// <summary>Counts of open rows.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<OpenCounts> CountsAsync(CancellationToken cancellationToken) => (await ReadAsync(
        LedgerSql.Counts,
        row => new OpenCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        cancellationToken))[0];

    private static Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Guid id, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken) =>
        RowsAsync(connection, sql, row, cancellationToken, new NpgsqlParameter<Guid> { TypedValue = id, NpgsqlDbType = NpgsqlDbType.Uuid });

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        LedgerCore.TranslatedAsync<IReadOnlyList<T>>(async () =>
        {
            await using var connection = await _core.Connections.OpenColdAsync(cancellationToken);
            return await RowsAsync(connection, sql, row, cancellationToken, parameters);
        });
}
