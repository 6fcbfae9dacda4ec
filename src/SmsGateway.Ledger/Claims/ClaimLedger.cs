namespace SmsGateway.Ledger;

/// <summary>Decides what is new. One group commit; a verdict exists only after COMMIT.</summary>
public sealed class ClaimLedger : IAsyncDisposable
{
    /// <summary>Claims one message. Full intake: the caller waits.</summary>
    /// <param name="entry">The message; a retry inside writes exactly the same.</param>
    /// <param name="cancellationToken">Ends the caller's wait; an entry already taken in is committed all the same.</param>
    /// <exception cref="LedgerUnavailableException">No verdict within <see cref="LedgerOptions.RetryFor"/>; whether it was written is unknown.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over; it must stop emitting.</exception>
    public ValueTask<ClaimVerdict> ClaimAsync(NewEntry entry, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
