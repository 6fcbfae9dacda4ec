using System.Collections.Concurrent;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Attempts whose COMMIT is unknown: the ledger gave no answer in time, so nothing was written to a socket, but their rows
// may stand. Each is ended not_sent as soon as the ledger answers, which puts the segment back into the queue; one whose
// row does not appear within the memory below, or has not when this node holds a newer epoch, was never committed. The same
// segment may meanwhile be tried again under the same number: a not_sent ends only the try that has its own bind and time.
internal sealed class UnknownAttempts(OutcomeLedger outcomes, NodeLease lease, TimeProvider time)
{
    // Longer than an abandoned connection can live on: AbandonAfter, the server's TCP user timeout and a margin.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<NewAttempt, (long Since, long Epoch)> _unknown = new();

    public int Count => _unknown.Count;

    /// <summary>The binds they were to be sent on, some of them more than once.</summary>
    public IEnumerable<string> Binds => _unknown.Select(unknown => unknown.Key.Bind);

    /// <summary>Remembers an attempt that will not be emitted. Bounded by the windows: each held a slot when it was tried.</summary>
    public void Add(NewAttempt attempt) => Add(attempt, lease.Epoch);

    /// <summary>As above, of an attempt that was last tried under this epoch.</summary>
    public void Add(NewAttempt attempt, long epoch) => _unknown.TryAdd(attempt, (time.GetTimestamp(), epoch));

    /// <summary>Ends what stands by now. Throws what the ledger throws; the next pass goes on.</summary>
    public Task SettleAsync(CancellationToken stopping) => _unknown.IsEmpty
        ? Task.CompletedTask
        : Task.WhenAll(_unknown.Select(unknown => SettleAsync(unknown.Key, unknown.Value.Since, unknown.Value.Epoch, stopping)));

    private async Task SettleAsync(NewAttempt attempt, long since, long epoch, CancellationToken stopping)
    {
        // A newer epoch was taken after waiting for every transaction of this one, and refuses what comes later: asked after that, the
        // ledger's answer is final. Looked at before asking.
        var isLast = lease.Epoch > epoch || time.GetElapsedTime(since) > Memory;
        var now = time.GetUtcNow();
        var verdict = await outcomes.RecordAsync(
            new AttemptOutcome
            {
                Key = attempt.Key,
                Kind = AttemptEndKind.NotSent,
                Connector = attempt.Connector,
                Bind = attempt.Bind,
                AttemptedAt = attempt.At,
                EndedAt = now,
                Requeue = new Requeue(now, CountsAsFailure: false),
            },
            stopping).ConfigureAwait(false);
        if (verdict == OutcomeVerdict.Ended || isLast)
        {
            _unknown.TryRemove(attempt, out _);
        }
    }
}
