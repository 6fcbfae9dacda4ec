namespace SmsGateway.Ledger;

/// <summary>Records how attempts ended, whoever reports it and however late: facts are welcome, there is no fence.</summary>
public sealed class OutcomeLedger : IAsyncDisposable
{
    /// <summary>Records one outcome; completes after COMMIT.</summary>
    /// <exception cref="LedgerUnavailableException">Not recorded within <see cref="LedgerOptions.RetryFor"/>, or unknown; recording again is safe.</exception>
    public ValueTask<OutcomeVerdict> RecordAsync(AttemptOutcome outcome, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Queues one outcome and calls back after its COMMIT, once per outcome, on the lane: quick, must not throw.</summary>
    /// <returns>Completes when the outcome was taken in (a full intake waits).</returns>
    public ValueTask EnqueueAsync(AttemptOutcome outcome, Committed<AttemptOutcome, OutcomeVerdict>? committed, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
