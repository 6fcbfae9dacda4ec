using System.Collections.Concurrent;

namespace SmsGateway.Host.Flow;

// Which outbox rows memory holds, from a lane until the row's end or return is committed, so that a poll does not bring a
// second copy and offer it twice. Bounded by the lanes.
internal sealed class DeliveriesInMemory
{
    private readonly ConcurrentDictionary<Guid, byte> _ids = new();

    public int Count => _ids.Count;

    public bool TryAdd(Guid id) => _ids.TryAdd(id, 0);

    public void Remove(Guid id) => _ids.TryRemove(id, out _);
}
