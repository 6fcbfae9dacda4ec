namespace SmsGateway.Ledger;

/// <summary>Decides what is new. One group commit; a verdict exists only after COMMIT.</summary>
public sealed class ClaimLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly GroupCommit<NewEntry, ClaimVerdict> _group;

    internal ClaimLedger(LedgerCore core)
    {
        _core = core;
        _group = core.Group<NewEntry, ClaimVerdict>("claims", CommitAsync);
    }

    /// <summary>Claims waiting or in flight.</summary>
    public int Undecided => _group.Undecided;

    /// <summary>Claims one message. Full intake: the caller waits.</summary>
    /// <param name="entry">The message; a retry inside writes exactly the same.</param>
    /// <param name="cancellationToken">Ends the caller's wait; an entry already taken in is committed all the same.</param>
    /// <exception cref="ArgumentException">No segment, no route, or a first attempt for a message of several segments.</exception>
    /// <exception cref="LedgerUnavailableException">No verdict within <see cref="LedgerOptions.RetryFor"/>; whether it was written is unknown.</exception>
    /// <exception cref="LedgerDefectException">The ledger refused this entry for what is in it.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over; it must stop emitting.</exception>
    public ValueTask<ClaimVerdict> ClaimAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Payloads.Count == 0 || entry.Route.Count == 0 || (entry.FirstAttempt is not null && entry.Payloads.Count > 1))
        {
            throw new ArgumentException("An entry has a route and at least one segment, and a first attempt only with exactly one.", nameof(entry));
        }

        return _group.CommitAsync(entry, cancellationToken);
    }

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private async Task CommitAsync(CommitBatch<NewEntry, ClaimVerdict> batch)
    {
        var plan = new ClaimPlan(batch);
        var answer = await _core.Hot.RunAsync(
            b =>
            {
                plan.Fill(b, _core.Node.Current);
#if DRILL
                Failpoint.Pass("claim-unsent");
#endif
            },
            plan.ReadAsync);
#if DRILL
        Failpoint.Pass("claim-committed");
#endif
        plan.Settle(batch, answer);
    }
}
