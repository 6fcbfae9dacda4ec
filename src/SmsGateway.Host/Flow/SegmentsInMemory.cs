using System.Collections.Concurrent;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Which queue rows memory holds, from the moment they enter a lane until their attempt is decided, so that a poll of the
// ledger does not bring a second copy. Bounded by the lanes. A copy that slips through costs one refused attempt, never a PDU.
internal sealed class SegmentsInMemory(QueueDepths depths)
{
    private readonly ConcurrentDictionary<SegmentKey, string> _keys = new();

    public int Count => _keys.Count;

    public bool Contains(SegmentKey key) => _keys.ContainsKey(key);

    /// <returns>False when memory holds this segment already.</returns>
    public bool TryAdd(SegmentKey key, string account)
    {
        if (!_keys.TryAdd(key, account))
        {
            return false;
        }

        depths.Increment(account);
        return true;
    }

    /// <summary>The segment's attempt was committed, or its row was gone, or it went back to the ledger alone.</summary>
    public void Remove(SegmentKey key)
    {
        if (_keys.TryRemove(key, out var account))
        {
            depths.Decrement(account);
        }
    }
}
