namespace SmsGateway.Host.Flow;

// The connector that the parts of one message take when the client cut it itself: each part is an entry of its own, and a
// handset joins only what came through one carrier. Remembered for a few minutes, oldest forgotten first when full
// (then the route's own order decides again).
internal sealed class ConcatPins(TimeProvider time)
{
    private const int Capacity = 100_000;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Pin> _pins = [];
    private readonly Queue<Key> _order = new();

    public string GetOrAdd(string account, string destination, ConcatPart part, Func<string> pick)
    {
        var key = new Key(account, destination, part.Reference, part.Total);
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_pins.TryGetValue(key, out var pin) && time.GetElapsedTime(pin.At, now) < Memory)
            {
                return pin.Connector;
            }

            if (_pins.Remove(key) is false)
            {
                _order.Enqueue(key);
            }

            var picked = pick();
            _pins[key] = new Pin(picked, now);
            while (_order.Count > Capacity && _order.TryDequeue(out var oldest))
            {
                _pins.Remove(oldest);
            }

            return picked;
        }
    }

    private readonly record struct Key(string Account, string Destination, int Reference, byte Total);

    private readonly record struct Pin(string Connector, long At);
}
