namespace SmsGateway.Ledger;

/// <summary>What this node owes its accounts. Pushes are at least once; the row leaves only with a recorded end.</summary>
public sealed class OutboxLedger : IAsyncDisposable
{
    /// <summary>Accounts that have a delivery due. Costs a few index probes per account.</summary>
    public Task<IReadOnlyList<string>> AccountsDueAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deliveries of one account that are due, oldest due first. The caller leaves out what it has in memory.</summary>
    public Task<IReadOnlyList<Delivery>> FetchAsync(string account, int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Records the end of a delivery; completes after COMMIT.</summary>
    /// <returns>False when it was no longer owed (recorded before).</returns>
    public ValueTask<bool> AcknowledgeAsync(DeliveryAck acknowledgement, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>As <see cref="AcknowledgeAsync"/>, with a callback instead of an await per delivery.</summary>
    public ValueTask EnqueueAsync(DeliveryAck acknowledgement, Committed<DeliveryAck, bool>? committed, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Writes new due times and numbers of offers.</summary>
    /// <returns>How many were still owed.</returns>
    public Task<int> RetryAsync(IReadOnlyList<DeliveryRetry> retries, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends a delivery by parking it with a reason; an operator lists it.</summary>
    /// <returns>False when it was no longer owed.</returns>
    public Task<bool> ParkAsync(Guid deliveryId, short offers, string reason, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deliveries this node owes.</summary>
    public Task<long> DepthAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
