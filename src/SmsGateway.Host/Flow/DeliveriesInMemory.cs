using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// Which outbox rows memory holds, from a lane until the row's end or return is committed, so that a poll does not bring a
// second copy and offer it twice. Bounded by the lanes and the clients' windows.
internal sealed class DeliveriesInMemory
{
    private readonly ConcurrentDictionary<Guid, string> _ids = new();
    private readonly ConcurrentDictionary<Guid, byte> _leftWhileReading = new();
    private readonly QueueDepths _depths = new();
    private volatile bool _reading;

    public int Count => _ids.Count;

    public int CountOf(string account) => _depths.OfAccount(account);

    public bool Contains(Guid id) => _ids.ContainsKey(id);

    public bool TryAdd(Guid id, string account)
    {
        if (!_ids.TryAdd(id, account))
        {
            return false;
        }

        _depths.Increment(account);
        return true;
    }

    /// <summary>The row's end or new due time is committed, or it went back to the ledger as it was.</summary>
    public void Remove(Guid id)
    {
        if (_reading)
        {
            _leftWhileReading.TryAdd(id, 0); // before it is removed: HoldsOrHeld
        }

        if (_ids.TryRemove(id, out var account))
        {
            _depths.Decrement(account);
        }
    }

    /// <summary>
    /// Around one read of the outbox by its one reader: a row that leaves memory between the read's snapshot and its
    /// arrival here would look owed and be offered again.
    /// </summary>
    public void BeginRead() => _reading = true;

    /// <summary>
    /// Whether a row that was read is in memory, or has left it since the read began. Asked in this order: what leaves is marked as
    /// left first, so it is missed by neither question.
    /// </summary>
    public bool HoldsOrHeld(Guid id) => _ids.ContainsKey(id) || _leftWhileReading.ContainsKey(id);

    public void EndRead()
    {
        _reading = false;
        _leftWhileReading.Clear();
    }
}
