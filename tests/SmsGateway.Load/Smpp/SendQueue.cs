using SmsGateway.Load.Journal;

namespace SmsGateway.Load.Smpp;

// What is to be sent next, shared by all binds: first what has to be sent again (preferably over another bind), then new messages. Bounded by
// the messages of the run.
internal sealed class SendQueue(MessageBook messages, int rate, TimeProvider time)
{
    private long _start;

    private readonly Lock _gate = new();
    private readonly Queue<(int Number, int NotOver)> _again = new();
    private readonly PriorityQueue<(int Number, int NotOver), long> _later = new();
    private int _waiting;
    private volatile bool _stopNew;

    /// <summary>The run begins: new messages may be taken, at the rate from here on.</summary>
    public void Begin() => Volatile.Write(ref _start, time.GetTimestamp());

    /// <summary>No new messages from now on; what was issued is still finished.</summary>
    public void StopNew() => _stopNew = true;

    /// <summary>True when no new message will come.</summary>
    public bool Exhausted => _stopNew || messages.Issued == messages.Capacity;

    /// <summary>A message for this bind, or -1.</summary>
    public int Take(int bind, bool alone)
    {
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                for (int tries = _again.Count; tries > 0; tries--)
                {
                    (int number, int notOver) = _again.Dequeue();
                    _waiting--;
                    if (messages.IsSettled(number))
                        continue;
                    if (notOver != bind || alone)
                        return number;
                    _again.Enqueue((number, notOver));
                    _waiting++;
                }
            }
        }

        return _stopNew || !IsDue() ? -1 : messages.Next();
    }

    // A little more than the rate may slip through when several binds ask at once.
    private bool IsDue() => rate == 0 || messages.Issued < time.GetElapsedTime(Volatile.Read(ref _start)).TotalSeconds * rate;

    /// <summary>Sends it again, over another bind if there is one.</summary>
    public void Again(int number, int notOver)
    {
        lock (_gate)
        {
            _again.Enqueue((number, notOver));
            _waiting++;
        }
    }

    /// <summary>Sends it again once the time has come.</summary>
    public void Later(int number, int notOver, long timestamp)
    {
        lock (_gate)
        {
            _later.Enqueue((number, notOver), timestamp);
        }
    }

    /// <summary>Moves what is due to the front. Called by the pulse.</summary>
    public void Release(long now)
    {
        lock (_gate)
        {
            while (_later.TryPeek(out var item, out long due) && due <= now)
            {
                _later.Dequeue();
                _again.Enqueue(item);
                _waiting++;
            }
        }
    }
}
