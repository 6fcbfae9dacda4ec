using System.Collections.Concurrent;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Attempts whose COMMIT is unknown: the ledger gave no answer in time, so nothing was written to a socket, but their rows
// may stand. Each is ended not_sent as soon as the ledger answers, which puts the segment back into the queue; one whose
// row does not appear within the memory below was never committed. Until then SegmentsInMemory keeps the segment from being
// read and tried again: its second attempt would bear the same number, and be ended not_sent after it was sent.
internal sealed class UnknownAttempts(OutcomeLedger outcomes, SegmentsInMemory memory, TimeProvider time)
{
    // Longer than an abandoned connection can live on: AbandonAfter, the server's TCP user timeout and a margin.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<AttemptKey, Unknown> _unknown = new();

    public int Count => _unknown.Count;

    /// <summary>Remembers an attempt that will not be emitted. Bounded by the windows: each held a slot when it was tried.</summary>
    public void Add(AttemptKey key, string connector, string bind, DateTimeOffset at) =>
        _unknown.TryAdd(key, new Unknown(connector, bind, at, time.GetTimestamp()));

    /// <summary>Ends what stands by now. Throws what the ledger throws; the next pass goes on.</summary>
    public async Task SettleAsync(CancellationToken stopping)
    {
        foreach (var (key, unknown) in _unknown)
        {
            var now = time.GetUtcNow();
            var verdict = await outcomes.RecordAsync(
                new AttemptOutcome
                {
                    Key = key,
                    Kind = AttemptEndKind.NotSent,
                    Connector = unknown.Connector,
                    Bind = unknown.Bind,
                    AttemptedAt = unknown.At,
                    EndedAt = now,
                    Requeue = new Requeue(now, CountsAsFailure: false),
                },
                stopping).ConfigureAwait(false);
            if (verdict == OutcomeVerdict.Ended || time.GetElapsedTime(unknown.Since) > Memory)
            {
                _unknown.TryRemove(key, out _);
                memory.Remove(key.Segment);
            }
        }
    }

    private readonly record struct Unknown(string Connector, string Bind, DateTimeOffset At, long Since);
}
