using Microsoft.Extensions.Logging;

namespace SmsGateway.Ledger;

/// <summary>Records how attempts ended, whoever reports it and however late: facts are welcome, there is no fence.</summary>
public sealed class OutcomeLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly ReceiptJoins _joins;
    private readonly GroupCommit<AttemptOutcome, OutcomeVerdict> _group;

    internal OutcomeLedger(LedgerCore core, ReceiptJoins joins)
    {
        _core = core;
        _joins = joins;
        _group = core.Group<AttemptOutcome, OutcomeVerdict>("outcomes", CommitAsync);
    }

    /// <summary>Outcomes waiting or in flight: answers not yet committed.</summary>
    public int Undecided => _group.Undecided;

    /// <summary>Records one outcome; completes after COMMIT.</summary>
    /// <exception cref="LedgerUnavailableException">Not recorded within <see cref="LedgerOptions.RetryFor"/>, or unknown; recording again is safe.</exception>
    public ValueTask<OutcomeVerdict> RecordAsync(AttemptOutcome outcome, CancellationToken cancellationToken) =>
        _group.CommitAsync(Checked(outcome), cancellationToken);

    /// <summary>Queues one outcome and calls back after its COMMIT, once per outcome: quick, must not throw.</summary>
    /// <returns>Completes when the outcome was taken in (a full intake waits).</returns>
    public ValueTask EnqueueAsync(AttemptOutcome outcome, Committed<AttemptOutcome, OutcomeVerdict> committed, CancellationToken cancellationToken) =>
        _group.EnqueueAsync(Checked(outcome), committed, cancellationToken);

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private static AttemptOutcome Checked(AttemptOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome is { Requeue: not null, Final: not null }
            ? throw new ArgumentException("An outcome goes back to the queue or is final, not both.", nameof(outcome))
            : outcome;
    }

    private async Task CommitAsync(CommitBatch<AttemptOutcome, OutcomeVerdict> batch)
    {
        var all = new AttemptOutcome[batch.Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = batch[i];
        }

#if DRILL
        Failpoint.Pass("outcome-uncommitted");
#endif
        var columns = new OutcomeColumns(all);
        var answer = await _core.Hot.RunAsync(
            b => columns.FillEnds(b, _core.Node.Current, _core.Time.GetUtcNow(), _core.DueAfterGrace()), columns.ReadEndsAsync);
        _core.Feed.Announce(answer.Deliveries);
        var late = new List<AttemptOutcome>();
        foreach (var outcome in all)
        {
            if (outcome.Kind is AttemptEndKind.Answered or AttemptEndKind.Refused && !answer.Keys.Contains(outcome.Key))
            {
                late.Add(outcome);
            }
        }

        var evidence = OutcomeAnswer.None;
        if (late.Count > 0)
        {
            var lateColumns = new OutcomeColumns([.. late]);
            evidence = await _core.Hot.RunAsync(lateColumns.FillEvidence, lateColumns.ReadEvidenceAsync);
        }

        for (var i = 0; i < all.Length; i++)
        {
            // Remove: of the same attempt twice in one batch, one ended it.
            batch.Answer(i, answer.Keys.Remove(all[i].Key) ? OutcomeVerdict.Ended
                : evidence.Keys.Contains(all[i].Key) ? OutcomeVerdict.Evidence
                : OutcomeVerdict.Unchanged);
        }

        await LookAgainAsync(answer, evidence);
    }

    // The second half of "write, commit, then look". What fails here the sweep does again; the outcomes are recorded.
    private async Task LookAgainAsync(OutcomeAnswer answer, OutcomeAnswer evidence)
    {
        try
        {
            answer.Waiting.AddRange(evidence.Waiting);
            if (answer.Waiting.Count > 0)
            {
                await _joins.JoinAsync(answer.Waiting);
            }

            await _joins.DeriveAsync(answer.LongMessages);
        }
        catch (Exception e)
        {
            LedgerLog.LookedAgainInVain(_core.Loggers.CreateLogger<OutcomeLedger>(), e);
        }
    }
}
