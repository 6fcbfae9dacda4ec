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
    /// <summary>Segments of one lane that are due, in order of arrival.</summary>
    /// <param name="connector">The lane's connector.</param>
    /// <param name="priority">The lane's priority.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="afterSeq">Only rows with a greater <see cref="QueuedSegment.Seq"/>; 0 from the beginning (rows put back get a new, higher one; rows not yet due are passed over).</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<IReadOnlyList<QueuedSegment>> FetchAsync(
        string connector, Priority priority, int limit, long afterSeq, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lanes (connector, priority) that have rows, due or not. Costs a few index probes per lane, however deep they are.</summary>
    public Task<IReadOnlyList<(string Connector, Priority Priority)>> ConnectorsWithWorkAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Moves up to <paramref name="limit"/> queue rows and as many outbox rows of older epochs of this node to its present epoch. Call until empty.</summary>
    public Task<Adopted> AdoptAsync(int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Expires up to <paramref name="limit"/> waiting segments whose validity is over: receipt EXPIRED, delivery where asked for (announced). Call until 0.</summary>
    public Task<int> ExpireAsync(int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes a segment out of the queue and lists it under parked with a reason.</summary>
    /// <returns>False when it was not in this node's queue any more.</returns>
    public Task<bool> ParkAsync(SegmentKey segment, string reason, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Waiting segments of this node by lane. Counts rows: for metrics every few seconds, not per message.</summary>
    public Task<IReadOnlyList<QueueDepth>> DepthAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
