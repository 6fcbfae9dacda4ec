using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>What this node owes its accounts. Pushes are at least once; the row leaves only with a recorded end.</summary>
public sealed class OutboxLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly GroupCommit<DeliveryAck, bool> _group;

    internal OutboxLedger(LedgerCore core)
    {
        _core = core;
        _group = core.Group<DeliveryAck, bool>("acknowledgements", CommitAsync);
    }

    /// <summary>Ends waiting or in flight.</summary>
    public int Undecided => _group.Undecided;

    /// <summary>Accounts that have a delivery due. Costs a few index probes per account.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<string>> AccountsDueAsync(CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.AccountsDue).With(_core.Node.Current).With(_core.Time.GetUtcNow()), row => row.GetString(0), cancellationToken);

    /// <summary>Deliveries of one account that are due, oldest due first. The caller leaves out what it has in memory.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<Delivery>> FetchAsync(string account, int limit, CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.FetchOutbox).With(_core.Node.Current).With(account).With(_core.Time.GetUtcNow()).With(limit), DeliveryRows.Read, cancellationToken);

    /// <summary>
    /// Deliveries of one account and protocol that are due, out of so many of the account, newest due first: what a backlog of the other protocol hides
    /// from <see cref="FetchAsync"/>. The caller goes on from <see cref="OutboxPage.From"/>.
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="protocol">Of the MT or the number.</param>
    /// <param name="upTo">Due at or before this; null or later than now = now.</param>
    /// <param name="looked">How many deliveries of the account are looked at, whatever their protocol; those due at the same moment are looked at together.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<OutboxPage> FetchPageAsync(
        string account, Protocol protocol, DateTimeOffset? upTo, int looked, int limit, CancellationToken cancellationToken)
    {
        var now = _core.Time.GetUtcNow();
        var to = upTo is { } earlier && earlier < now ? earlier : now;
        var start = await _core.ReadAsync(
            b => b.Add(LedgerSql.OutboxPageStart).With(_core.Node.Current).With(account).With(to).With(looked - 1),
            row => row.GetFieldValue<DateTimeOffset>(0),
            cancellationToken);
        DateTimeOffset? from = start.Count == 0 ? null : start[0];
        var rows = await _core.ReadAsync(
            b => b.Add(LedgerSql.FetchOutboxPage).With(_core.Node.Current).With(account).With(from ?? DateTimeOffset.UnixEpoch).With(to).With((short)protocol).With(limit),
            DeliveryRows.Read,
            cancellationToken);
        return new OutboxPage(rows, from);
    }

    /// <summary>Records the end of a delivery; completes after COMMIT.</summary>
    /// <returns>False when it was no longer owed (recorded before).</returns>
    /// <exception cref="LedgerUnavailableException">Not recorded, or unknown; recording again is safe.</exception>
    public ValueTask<bool> AcknowledgeAsync(DeliveryAck acknowledgement, CancellationToken cancellationToken) =>
        _group.CommitAsync(acknowledgement, cancellationToken);

    /// <summary>As <see cref="AcknowledgeAsync"/>, with a callback instead of an await per delivery.</summary>
    public ValueTask EnqueueAsync(DeliveryAck acknowledgement, Committed<DeliveryAck, bool> committed, CancellationToken cancellationToken) =>
        _group.EnqueueAsync(acknowledgement, committed, cancellationToken);

    /// <summary>Writes new due times and numbers of offers.</summary>
    /// <returns>How many were still owed.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; writing again is safe.</exception>
    public async Task<int> RetryAsync(IReadOnlyList<DeliveryRetry> retries, CancellationToken cancellationToken)
    {
        var (ids, due, offers) = Columns(retries);
        var rows = await _core.ReadAsync(b => b.Add(LedgerSql.RetryDeliveries).With(ids).With(due).With(offers), row => row.GetInt32(0), cancellationToken);
        return rows.Count;
    }

    /// <summary>Gives deliveries to another node.</summary>
    /// <param name="deliveries">Of this node, with the times from which the other may offer them.</param>
    /// <param name="to">A node and the epoch it was last seen with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those it owns now; the others were gone, or the other node has another epoch by now.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public async Task<IReadOnlySet<Guid>> HandOverAsync(IReadOnlyList<DeliveryRetry> deliveries, NodeEpoch to, CancellationToken cancellationToken)
    {
        var (ids, due, offers) = Columns(deliveries);
        var given = await _core.ReadAsync(
            b => b.Add(LedgerSql.HandOverOutbox).With(ids).With(due).With(offers).With(_core.Node.Current.Node).With(to), row => row.GetGuid(0), cancellationToken);
        return given.ToHashSet();
    }

    /// <summary>Ends a delivery by parking it with a reason; an operator lists it.</summary>
    /// <returns>False when it was no longer owed.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; parking again is safe.</exception>
    public async Task<bool> ParkAsync(Guid deliveryId, short offers, string reason, CancellationToken cancellationToken)
    {
        var now = _core.Time.GetUtcNow();
        var rows = await _core.ReadAsync(
            b => b.Add(LedgerSql.ParkDelivery).With(deliveryId).With(offers).With(reason).With(now).With(Today(now)), row => row.GetGuid(0), cancellationToken);
        return rows.Count > 0;
    }

    /// <summary>Parks what this node has owed since before a moment. Looks at every row it owes: call it every few minutes.</summary>
    /// <param name="before">Owed since before this.</param>
    /// <param name="reason">What the parked list says.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were parked; call again when it is the limit.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public async Task<int> ParkOlderAsync(DateTimeOffset before, string reason, int limit, CancellationToken cancellationToken)
    {
        var now = _core.Time.GetUtcNow();
        var rows = await _core.ReadAsync(
            b => b.Add(LedgerSql.ParkOlderDeliveries).With(_core.Node.Current.Node).With(before).With(limit).With(reason).With(now).With(Today(now)),
            row => row.GetGuid(0),
            cancellationToken);
        return rows.Count;
    }

    /// <summary>Deliveries this node owes.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<long> DepthAsync(CancellationToken cancellationToken) =>
        (await _core.ReadAsync(b => b.Add(LedgerSql.OutboxDepth).With(_core.Node.Current.Node), row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private static (Guid[] Ids, DateTime[] Due, short[] Offers) Columns(IReadOnlyList<DeliveryRetry> deliveries)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        var (ids, due, offers) = (new Guid[deliveries.Count], new DateTime[deliveries.Count], new short[deliveries.Count]);
        for (var i = 0; i < ids.Length; i++)
        {
            (ids[i], due[i], offers[i]) = (deliveries[i].DeliveryId, deliveries[i].DueAt.UtcDateTime, deliveries[i].Offers);
        }

        return (ids, due, offers);
    }

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private async Task CommitAsync(CommitBatch<DeliveryAck, bool> batch)
    {
        var n = batch.Count;
        var (ids, offers, targets, how) = (new Guid[n], new short[n], new string?[n], new short[n]);
        for (var i = 0; i < n; i++)
        {
            (ids[i], offers[i], targets[i], how[i]) = (batch[i].DeliveryId, batch[i].Offers, batch[i].Target, (short)batch[i].How);
        }

#if DRILL
        Failpoint.Pass("acknowledgement-uncommitted");
#endif
        var now = _core.Time.GetUtcNow();
        var ended = await _core.Hot.RunAsync(
            b =>
            {
                b.Add(LedgerSql.EndDeliveries).With(ids).With(offers).With(targets).With(how).With(now).With(Today(now));
                b.Vouch();
            },
            ReadAsync);
        for (var i = 0; i < n; i++)
        {
            batch.Answer(i, ended.Remove(ids[i]));
        }
    }

    private static async Task<HashSet<Guid>> ReadAsync(NpgsqlDataReader reader)
    {
        var ended = new HashSet<Guid>();
        while (await reader.ReadAsync())
        {
            ended.Add(reader.GetGuid(0));
        }

        return ended;
    }
}
