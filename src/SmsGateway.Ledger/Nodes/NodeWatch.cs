namespace SmsGateway.Ledger;

/// <summary>
/// Judges which nodes are dead: their (epoch, counter) was seen unchanged for <see cref="LedgerOptions.LeaseDeadAfter"/> of the
/// observer's own monotonic time, with the ledger answering throughout. A gap in its answers restarts every count, else a pause of
/// the ledger would make everyone adopt everyone. No clock of another machine is believed. One thread at a time.
/// </summary>
public sealed class NodeWatch(TimeProvider time, LedgerOptions options)
{
    /// <summary>The longest time between two answers that still counts as answering throughout.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(2);

    private readonly Dictionary<short, (long Epoch, long Counter, long Since)> _seen = [];
    private long? _lastAnswer;

    /// <summary>Takes an answer of the ledger.</summary>
    /// <param name="nodes">Every node.</param>
    /// <returns>For how long each live node has been seen unchanged.</returns>
    public IReadOnlyDictionary<short, TimeSpan> Observe(IReadOnlyList<NodeStanding> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var now = time.GetTimestamp();
        if (_lastAnswer is { } last && time.GetElapsedTime(last, now) > LongestGap)
        {
            _seen.Clear();
        }

        _lastAnswer = now;
        var unchanged = new Dictionary<short, TimeSpan>(nodes.Count);
        foreach (var node in nodes)
        {
            if (!node.Live)
            {
                _seen.Remove(node.Id);
                continue;
            }

            if (!_seen.TryGetValue(node.Id, out var seen) || (seen.Epoch, seen.Counter) != (node.Epoch, node.Counter))
            {
                seen = (node.Epoch, node.Counter, now);
                _seen[node.Id] = seen;
            }

            unchanged[node.Id] = time.GetElapsedTime(seen.Since, now);
        }

        return unchanged;
    }

    /// <summary>Whether a silence means death.</summary>
    public bool IsDead(TimeSpan unchanged) => unchanged >= options.LeaseDeadAfter;
}
