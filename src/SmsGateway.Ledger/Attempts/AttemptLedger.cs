namespace SmsGateway.Ledger;

/// <summary>Turns queued segments into open attempts, fenced on this node's epoch. Only what it returns may reach a socket.</summary>
public sealed class AttemptLedger : IAsyncDisposable
{
    /// <summary>Moves the segments from <c>queue</c> to <c>attempt</c>. Calls of several connectors share commits.</summary>
    /// <returns>The attempts that now stand under this node's epoch. One that is missing is not ours (any more): drop it from memory.</returns>
    /// <exception cref="LedgerUnavailableException">Unknown whether they were written: emit none of them.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public Task<IReadOnlySet<AttemptKey>> AttemptAsync(IReadOnlyList<NewAttempt> attempts) => throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
