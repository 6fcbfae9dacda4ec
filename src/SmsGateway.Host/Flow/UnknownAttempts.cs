using System.Collections.Concurrent;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Attempts whose COMMIT is unknown: the ledger gave no answer in time, so nothing was written to a socket, but their rows
// may stand. Each is ended not_sent as soon as the ledger answers, which puts the segment back into the queue; one whose
// row does not appear within the memory below was never committed. The same segment may meanwhile be tried again under the
// same number: a not_sent ends only the try that has its own bind and time.
internal sealed class UnknownAttempts(OutcomeLedger outcomes, TimeProvider time)
{
    // Longer than an abandoned connection can live on: AbandonAfter, the server's TCP user timeout and a margin.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<NewAttempt, long> _unknown = new();

    public int Count => _unknown.Count;

    /// <summary>Remembers an attempt that will not be emitted. Bounded by the windows: each held a slot when it was tried.</summary>
    public void Add(NewAttempt attempt) => _unknown.TryAdd(attempt, time.GetTimestamp());

    /// <summary>Ends what stands by now. Throws what the ledger throws; the next pass goes on.</summary>
    public async Task SettleAsync(CancellationToken stopping)
    {
        foreach (var (attempt, since) in _unknown)
        {
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
            if (verdict == OutcomeVerdict.Ended || time.GetElapsedTime(since) > Memory)
            {
                _unknown.TryRemove(attempt, out _);
            }
        }
    }
}
