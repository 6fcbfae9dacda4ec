using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// Binds of attempts whose end this process knows and has not told the ledger yet: outcomes on their way to their commit, and attempts whose own
// commit is unknown, which were not sent. An open attempt on such a bind is not in doubt, whatever became of the bind. What is in the journal is
// not among them: it counts as held.
internal sealed class UntoldEnds(UnknownAttempts unknown)
{
    private readonly ConcurrentDictionary<UntoldOutcomes, bool> _outcomes = new();

    /// <summary>Names of this moment.</summary>
    public IReadOnlySet<string> Binds => _outcomes.Keys.SelectMany(some => some.Binds).Concat(unknown.Binds).ToHashSet(StringComparer.Ordinal);

    public bool Has(string bind) => _outcomes.Keys.Any(some => some.Has(bind)) || unknown.Binds.Contains(bind, StringComparer.Ordinal);

    /// <returns>For one writer of outcomes. Dispose when it has ended: what it did not get into the ledger by then is in doubt.</returns>
    public UntoldOutcomes Open()
    {
        var outcomes = new UntoldOutcomes(some => _outcomes.TryRemove(some, out _));
        _outcomes.TryAdd(outcomes, true);
        return outcomes;
    }
}

// How many outcomes of each bind one writer has to tell. Bounded by what the writer may keep.
internal sealed class UntoldOutcomes(Action<UntoldOutcomes> closed) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IEnumerable<string> Binds => _counts.Select(some => some.Key);

    public bool Has(string bind) => _counts.ContainsKey(bind);

    /// <summary>An outcome of an attempt on it is known.</summary>
    public void Enter(string bind) => _counts.AddOrUpdate(bind, 1, static (_, count) => count + 1);

    /// <summary>It is in the ledger, or on the disk, or the ledger will never take it.</summary>
    public void Leave(string bind)
    {
        if (_counts.AddOrUpdate(bind, 0, static (_, count) => count - 1) == 0)
        {
            _counts.TryRemove(KeyValuePair.Create(bind, 0));
        }
    }

    public void Dispose() => closed(this);
}
