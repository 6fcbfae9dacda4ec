using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// Which outbox rows memory holds, from a lane until the row's end or return is committed, so that a poll does not bring a
// second copy and offer it twice. Bounded by the lanes and the clients' windows.
internal sealed class DeliveriesInMemory
{
    private readonly ConcurrentDictionary<Guid, string> _ids = new();
    private readonly QueueDepths _depths = new();

    public int Count => _ids.Count;

    public int CountOf(string account) => _depths.OfAccount(account);

    public bool TryAdd(Guid id, string account)
    {
        if (!_ids.TryAdd(id, account))
        {
            return false;
        }

        _depths.Increment(account);
        return true;
    }

    public void Remove(Guid id)
    {
        if (_ids.TryRemove(id, out var account))
        {
            _depths.Decrement(account);
        }
    }
}
