using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>Segments that wait, of one lane.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Priority">The priority.</param>
/// <param name="Count">Segments.</param>
public readonly record struct QueueDepth(string Connector, Priority Priority, long Count);

/// <summary>What an adoption moved.</summary>
/// <param name="Segments">Queue rows.</param>
/// <param name="Deliveries">Outbox rows.</param>
public readonly record struct Adopted(int Segments, int Deliveries)
{
    /// <summary>Nothing was left to adopt.</summary>
    public bool IsEmpty => Segments == 0 && Deliveries == 0;
}

/// <summary>Reads and tends the queue of this node: what it returns is only rows of (owner = this node, epoch = the present one).</summary>
public sealed class QueueLedger
{
    // The service has no result code of its own for an expired message: unmapped (model service, table 7.3).
    private const short ExpiredResultCode = 99;

    private readonly LedgerCore _core;
    private readonly ReceiptJoins _joins;

    internal QueueLedger(LedgerCore core, ReceiptJoins joins)
    {
        _core = core;
        _joins = joins;
    }

    /// <summary>Segments of one lane that are due, in order of arrival at this node; without those that moved here.</summary>
    /// <param name="connector">The lane's connector.</param>
    /// <param name="priority">The lane's priority.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="afterSeq">Only rows with a greater <see cref="QueuedSegment.Seq"/>; 0 from the beginning (rows put back get a new, higher one; rows not yet due are passed over).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<QueuedSegment>> FetchAsync(string connector, Priority priority, int limit, long afterSeq, CancellationToken cancellationToken) =>
        FetchAsync(connector, priority, limit, afterSeq, long.MaxValue, cancellationToken);

    /// <summary>Segments of one lane that are due and were adopted or handed over: they go before the others, whose wait began here.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<QueuedSegment>> FetchMovedAsync(string connector, Priority priority, int limit, CancellationToken cancellationToken) =>
        FetchMovedAsync(connector, priority, limit, long.MinValue, cancellationToken);

    /// <summary>As the other one, after a seq; <see cref="long.MinValue"/> from the beginning.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<QueuedSegment>> FetchMovedAsync(string connector, Priority priority, int limit, long afterSeq, CancellationToken cancellationToken) =>
        FetchAsync(connector, priority, limit, afterSeq, 0, cancellationToken);

    /// <summary>Lanes (connector, priority) that have rows, due or not. Costs a few index probes per lane, however deep they are.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<(string Connector, Priority Priority)>> ConnectorsWithWorkAsync(CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.QueueLanes).With(_core.Node.Current), row => (row.GetString(0), (Priority)row.GetInt16(1)), cancellationToken);

    /// <summary>Waiting segments of this node by lane. Counts rows: for metrics every few seconds, not per message.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<QueueDepth>> DepthAsync(CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.QueueDepth).With(_core.Node.Current.Node),
        row => new QueueDepth(row.GetString(0), (Priority)row.GetInt16(1), row.GetInt64(2)),
        cancellationToken);

    /// <summary>Moves up to <paramref name="limit"/> queue rows and as many outbox rows of older epochs of this node to its present epoch. Call until empty.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<Adopted> AdoptAsync(int limit, CancellationToken cancellationToken) => AdoptAsync(_core.Node.Current, limit, cancellationToken);

    /// <summary>
    /// Moves up to <paramref name="limit"/> queue rows and as many outbox rows that a node owns under an epoch below its present one to this
    /// node. A repeated sweep: what a transaction of the old epoch commits late is found by a later call.
    /// </summary>
    /// <param name="from">A node that is not live, and its present epoch; or this node.</param>
    /// <param name="limit">At most this many of each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<Adopted> AdoptAsync(NodeEpoch from, int limit, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        return _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.AdoptQueue).With(epoch).With(from).With(limit);
                b.Add(LedgerSql.AdoptOutbox).With(epoch).With(from).With(limit);
            },
            async reader => new Adopted(await CountAsync(reader), await CountAsync(reader)),
            cancellationToken);
    }

    /// <summary>Gives waiting segments to another node.</summary>
    /// <param name="segments">Of this node; take them out of memory first.</param>
    /// <param name="to">A node and the epoch it was last seen with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many it owns now; the others were gone, or the other node has another epoch by now.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<int> HandOverAsync(IReadOnlyList<SegmentKey> segments, NodeEpoch to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segments);
        var (ids, numbers) = (new Guid[segments.Count], new short[segments.Count]);
        for (var i = 0; i < ids.Length; i++)
        {
            (ids[i], numbers[i]) = (segments[i].Id, segments[i].Segment);
        }

        var epoch = _core.Node.Current;
        return _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.HandOverQueue).With(ids).With(numbers).With(epoch).With(to);
            },
            CountAsync,
            cancellationToken);
    }

    /// <summary>Gives up to <paramref name="limit"/> segments and as many deliveries to another node that this one would not read for a while. Call until empty.</summary>
    /// <param name="dueAfter">Only those that are due later than this. Deliveries: later than the grace of what was announced, which may be on a bind.</param>
    /// <param name="to">A node and the epoch it was last seen with.</param>
    /// <param name="limit">At most this many of each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<Adopted> HandOverLaterAsync((DateTimeOffset Segments, DateTimeOffset Deliveries) dueAfter, NodeEpoch to, int limit, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        return _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.HandOverLaterQueue).With(epoch).With(to).With(dueAfter.Segments).With(limit);
                b.Add(LedgerSql.HandOverLaterOutbox).With(epoch).With(to).With(dueAfter.Deliveries).With(limit);
            },
            async reader => new Adopted(await CountAsync(reader), await CountAsync(reader)),
            cancellationToken);
    }

    /// <summary>Expires up to <paramref name="limit"/> waiting segments whose validity is over: receipt EXPIRED, delivery where asked for (announced). Call until 0.</summary>
    /// <returns>Segments that left the queue.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<int> ExpireAsync(int limit, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        var now = _core.Time.GetUtcNow();
        var (deliveries, gone, messages) = await _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.ExpireQueue).With(epoch).With(now).With(_core.DueAfterGrace()).With(limit).With(ExpiredResultCode);
            },
            async reader =>
            {
                await reader.NextResultAsync();
                return await DeliveryRows.ReadCountedAsync(reader);
            },
            cancellationToken);
        _core.Feed.Announce(deliveries);
        await LedgerCore.TranslatedAsync(() => _joins.DeriveAsync(messages));
        return gone;
    }

    /// <summary>Takes a segment out of the queue and lists it under parked with a reason.</summary>
    /// <returns>False when it was not in this node's queue any more.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<bool> ParkAsync(SegmentKey segment, string reason, CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        return _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.ParkSegment).With(segment.Id).With(segment.Segment).With(epoch).With(reason).With(_core.Time.GetUtcNow());
            },
            async reader => await reader.NextResultAsync() && await reader.ReadAsync(),
            cancellationToken);
    }

    private Task<IReadOnlyList<QueuedSegment>> FetchAsync(
        string connector, Priority priority, int limit, long afterSeq, long beforeSeq, CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.FetchQueue).With(_core.Node.Current).With(connector).With((short)priority).With(afterSeq).With(_core.Time.GetUtcNow()).With(limit).With(beforeSeq),
        QueueRows.Read,
        cancellationToken);

    private static async Task<int> CountAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync();
        var count = 0;
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count;
    }
}
