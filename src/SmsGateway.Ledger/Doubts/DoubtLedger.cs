using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>
/// What becomes of attempts in doubt: policies and operators decide, receipts resolve. The right to send again is fenced and waits until the
/// carrier socket of the lost process or bind can have drained; a fact that comes meanwhile wins, one that comes later is kept as evidence.
/// </summary>
public sealed class DoubtLedger
{
    // As for an expired message: the service has no result code of its own for it (model service, table 7.3).
    private const short UnknownResultCode = 99;

    // Beyond it only the newest receipts are compared with doubts, and only doubts that are newer than all others.
    private const int MostReceipts = 20_000;

    // A node's clock may be 5 s off the ledger's, and what it tells of its binds is a second or two old.
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(10);

    private readonly LedgerCore _core;
    private readonly ReceiptJoins _joins;

    internal DoubtLedger(LedgerCore core, ReceiptJoins joins)
    {
        _core = core;
        _joins = joins;
    }

    /// <summary>
    /// Open attempts of this node, and of nodes that are gone, that a policy or the end of their validity concerns; of its own not those on a bind
    /// of the query. A bind may have come up since: ask for the binds again before deciding on an attempt of the present epoch.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<Doubt>> ToDecideAsync(DoubtQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ColdAsync(
            b => b.Add(LedgerSql.DoubtsToDecide).With(_core.Node.Current.Node).With(query.FirstEpoch).With(query.Binds.Select(b => (string?)b).ToArray()).With(_core.Time.GetUtcNow())
                .With(query.Resend.Select(r => (string?)r.Connector).ToArray()).With(query.Resend.Select(r => (short)r.Priority).ToArray()).With(query.Limit),
            row => new Doubt(
                new AttemptKey(new SegmentKey(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt16(2)), row.GetInt16(3)), row.GetString(4), row.GetString(5),
                new DateTimeOffset(row.GetDateTime(9)), row.GetInt16(6), row.GetInt64(7), (Priority)row.GetInt16(8), new DateTimeOffset(row.GetDateTime(10)),
                row.GetBoolean(11) ? TimeSpan.FromSeconds(row.GetDouble(12)) : null),
            cancellationToken);
    }

    /// <summary>Decides doubts in one fenced transaction, with its line in the audit when an operator asked for it.</summary>
    /// <returns>How many were decided, by connector. The others were answered or decided meanwhile, or it is too early for them.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; what was decided is not decided again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<IReadOnlyDictionary<string, int>> DecideAsync(IReadOnlyList<Doubt> doubts, DoubtOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(doubts);
        ArgumentNullException.ThrowIfNull(order);
        var decided = new Dictionary<string, int>(StringComparer.Ordinal);
        if (order.Decision == DoubtDecision.GiveUp)
        {
            await GiveUpAsync(doubts, order, decided, cancellationToken);
            return decided;
        }

        var epoch = _core.Node.Current;
        await _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                var command = Filled(b.Add(order.Decision == DoubtDecision.Resend ? LedgerSql.ResendDoubts : LedgerSql.ConfirmDoubts), doubts, order, epoch);
                if (order.Decision == DoubtDecision.Resend)
                {
                    command.With(order.Drain.TotalSeconds);
                }
            },
            async reader =>
            {
                await reader.NextResultAsync();
                while (await reader.ReadAsync())
                {
                    decided[reader.GetString(0)] = (int)reader.GetInt64(1);
                }

                return true;
            },
            cancellationToken);
        return decided;
    }

    /// <summary>
    /// Joins receipts without an attempt to the one attempt that they can belong to: the only one without a carrier id, of any node, to that handset at
    /// that connector. Where there are several it waits. Costs a look at all open attempts.
    /// </summary>
    /// <param name="limit">At most this many at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; the next pass goes on.</exception>
    public async Task<IReadOnlyList<DoubtNamed>> NameAsync(int limit, CancellationToken cancellationToken)
    {
        var found = await ColdAsync(
            b => b.Add(LedgerSql.DoubtsWithReceipt).With(_core.Time.GetUtcNow()).With(MostReceipts).With(limit),
            row => (Key: new AttemptKey(new SegmentKey(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt16(2)), row.GetInt16(3)),
                Carrier: new CarrierKey(row.GetString(4), row.GetString(6)), ToldAt: row.GetDateTime(7)),
            cancellationToken);
        if (found.Count == 0)
        {
            return [];
        }

        var all = found.ToArray();
        var named = await _core.ReadAsync(
            b => b.Add(LedgerSql.NameDoubts)
                .With(Array.ConvertAll(all, f => f.Key.Segment.Id)).With(Array.ConvertAll(all, f => f.Key.Segment.Day))
                .With(Array.ConvertAll(all, f => f.Key.Segment.Segment)).With(Array.ConvertAll(all, f => f.Key.Number))
                .With(Array.ConvertAll(all, f => (string?)f.Carrier.Connector)).With(Array.ConvertAll(all, f => (string?)f.Carrier.CarrierMessageId))
                .With(Array.ConvertAll(all, f => f.ToldAt)),
            row => (Carrier: new CarrierKey(row.GetString(0), row.GetString(1)), WasOpen: row.GetBoolean(2)),
            cancellationToken);

        // Write, commit, then look: a crash in between leaves it to the sweep of receipts.
        await LedgerCore.TranslatedAsync(() => _joins.JoinAsync([.. named.Select(n => n.Carrier)]));
        return [.. named.Select(n => new DoubtNamed(n.Carrier.Connector, n.WasOpen))];
    }

    /// <summary>When the last receipt came that has waited for its attempt for longer than a second; null when there is none. One index probe.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<DateTimeOffset?> LastParkedReceiptAsync(CancellationToken cancellationToken) => (await _core.ReadAsync<DateTimeOffset?>(
        b => b.Add(LedgerSql.LastParkedReceipt).With(_core.Time.GetUtcNow() - TimeSpan.FromSeconds(1)),
        row => row.IsDBNull(0) ? null : new DateTimeOffset(row.GetDateTime(0)),
        cancellationToken))[0];

    /// <summary>Attempts in doubt by connector, of all nodes. Costs a look at all open attempts: for figures every few seconds.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<(string Connector, long Count)>> CountAsync(CancellationToken cancellationToken) => ColdAsync(
        b => b.Add(LedgerSql.DoubtCounts).With(_core.Time.GetUtcNow() - Telling), row => (row.GetString(0), row.GetInt64(1)), cancellationToken);

    /// <summary>What was sent again under a policy or by an operator, newest first, for as long as messages are kept.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<PossibleDuplicate>> PossibleDuplicatesAsync(int limit, CancellationToken cancellationToken) => ColdAsync(
        b => b.Add(LedgerSql.ResentList).With(limit),
        row => new PossibleDuplicate(
            new MessageId(row.GetGuid(0)), row.GetInt16(1), row.GetInt16(2), row.GetString(3), row.IsDBNull(7) ? null : row.GetString(7), row.GetString(4),
            new DateTimeOffset(row.GetDateTime(5)), row.GetString(6)),
        cancellationToken);

    /// <summary>Forgets decisions that are past retention. Call until less than the limit.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public async Task<int> ForgetAsync(int limit, CancellationToken cancellationToken) => (await _core.ReadAsync(
        b => b.Add(LedgerSql.ForgetDoubts).With(_core.Time.GetUtcNow() - _core.Options.Retention).With(limit), row => row.GetInt32(0), cancellationToken)).Count;

    private async Task GiveUpAsync(IReadOnlyList<Doubt> doubts, DoubtOrder order, Dictionary<string, int> decided, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        var (deliveries, messages, connectors) = await _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                Filled(b.Add(LedgerSql.GiveUpDoubts), doubts, order, epoch).With(order.Early).With(_core.DueAfterGrace()).With(UnknownResultCode);
            },
            async reader =>
            {
                await reader.NextResultAsync();
                var deliveries = new List<Delivery>();
                var (messages, connectors) = (new List<(Guid, DateOnly)>(), Array.Empty<string>());
                while (await reader.ReadAsync())
                {
                    if (!reader.IsDBNull(0))
                    {
                        deliveries.Add(DeliveryRows.Read(reader));
                    }

                    messages = DeliveryRows.LongMessages(reader, DeliveryRows.Columns);
                    connectors = reader.IsDBNull(DeliveryRows.Columns + 2) ? [] : reader.GetFieldValue<string[]>(DeliveryRows.Columns + 2);
                }

                return (deliveries, messages, connectors);
            },
            cancellationToken);
        foreach (var some in connectors.GroupBy(connector => connector, StringComparer.Ordinal))
        {
            decided[some.Key] = some.Count();
        }

        _core.Feed.Announce(deliveries);
        await LedgerCore.TranslatedAsync(() => _joins.DeriveAsync(messages));
    }

    private NpgsqlBatchCommand Filled(NpgsqlBatchCommand command, IReadOnlyList<Doubt> doubts, DoubtOrder order, NodeEpoch epoch)
    {
        var all = doubts.ToArray();
        return command
            .With(Array.ConvertAll(all, d => d.Key.Segment.Id)).With(Array.ConvertAll(all, d => d.Key.Segment.Segment)).With(Array.ConvertAll(all, d => d.Key.Number))
            .With(Array.ConvertAll(all, d => (string?)d.Bind)).With(Array.ConvertAll(all, d => d.At.UtcDateTime)).With(_core.Time.GetUtcNow()).With(epoch)
            .With(order.Why).WithText(order.By?.Actor).WithText(order.By?.Role).With(_core.Node.Name).WithText(order.Target).WithText(order.By?.Note);
    }

    // On the ordinary pool: what a timer or an operator asks may be planned anew, and look at the open attempts as a whole.
    private Task<IReadOnlyList<T>> ColdAsync<T>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken) =>
        LedgerCore.TranslatedAsync<IReadOnlyList<T>>(async () =>
        {
            await using var connection = await _core.Connections.OpenColdAsync(cancellationToken);
            await using var batch = connection.CreateBatch();
            fill(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(row(reader));
            }

            return rows;
        });
}
