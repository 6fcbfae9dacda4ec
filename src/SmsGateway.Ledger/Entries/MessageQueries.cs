namespace SmsGateway.Ledger;

/// <summary>Reads for operators. Not for hot paths.</summary>
public sealed class MessageQueries
{
    /// <summary>The trace of one message; null when it is unknown or past retention.</summary>
    public Task<MessageTrace?> FindAsync(MessageId id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The trace by account and client's id (whole messages; parts that a client submitted itself have ids of their own); null when unknown.</summary>
    public Task<MessageTrace?> FindAsync(string account, string clientMessageId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Attempts without an end, oldest first; those whose epoch is gone are in doubt for certain, of its own the caller knows the binds.</summary>
    public Task<IReadOnlyList<OpenAttempt>> OpenAttemptsAsync(int limit, bool onlyGoneEpochs, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The parked list, newest first.</summary>
    public Task<IReadOnlyList<ParkedItem>> ParkedAsync(int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Counts of open rows.</summary>
    public Task<OpenCounts> CountsAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
