using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// How many segments of each account wait on this node: those in memory, counted here, and those that only the ledger
// holds, as QueuePump last read them. One counter per account name that ever sent; accounts are few.
internal sealed class QueueDepths
{
    private readonly ConcurrentDictionary<string, Depth> _depths = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>All accounts together.</summary>
    public int Total => Volatile.Read(ref _total);

    public void Increment(string account)
    {
        Interlocked.Increment(ref Of(account).Value);
        Interlocked.Increment(ref _total);
    }

    public void Decrement(string account)
    {
        Interlocked.Decrement(ref Of(account).Value);
        Interlocked.Decrement(ref _total);
    }

    public int OfAccount(string account) => _depths.TryGetValue(account, out var depth) ? Volatile.Read(ref depth.Value) : 0;

    private Depth Of(string account) => _depths.TryGetValue(account, out var depth) ? depth : _depths.GetOrAdd(account, _ => new Depth());

    private sealed class Depth
    {
        public int Value;
    }
}
