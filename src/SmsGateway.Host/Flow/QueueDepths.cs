using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// How many rows of each account memory holds. What a full lane left to the ledger alone is not counted. One counter per
// account name that was ever seen; accounts are few.
internal sealed class QueueDepths
{
    private readonly ConcurrentDictionary<string, Depth> _depths = new(StringComparer.Ordinal);

    public void Increment(string account) => Interlocked.Increment(ref Of(account).Value);

    public void Decrement(string account) => Interlocked.Decrement(ref Of(account).Value);

    public int OfAccount(string account) => _depths.TryGetValue(account, out var depth) ? Volatile.Read(ref depth.Value) : 0;

    private Depth Of(string account) => _depths.TryGetValue(account, out var depth) ? depth : _depths.GetOrAdd(account, _ => new Depth());

    private sealed class Depth
    {
        public int Value;
    }
}
