using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The segments of one connector that wait in memory, one lane per priority. Memory is a cache of the ledger's queue:
// a lane that is full spills (the rows stay in the ledger and QueuePump brings them when there is room again). What came from
// another node (a seq below 0) has waited there: it has a queue of its own in each lane, of the same capacity, and goes first.
internal sealed class SegmentLanes(int capacityPerLane)
{
    /// <summary>Lanes, one per priority.</summary>
    public const int Priorities = 4;

    private readonly Lock _gate = new();
    private readonly Queue<QueuedSegment>[] _lanes = [new(), new(), new(), new()];
    private readonly Queue<QueuedSegment>[] _moved = [new(), new(), new(), new()];
    private readonly bool[] _spilled = new bool[Priorities];
    private volatile int _count;
    private volatile Action? _arrived;

    /// <summary>Called outside the lock after segments arrived; the connector's sender sets it to wake itself.</summary>
    public Action? Arrived { get => _arrived; set => _arrived = value; }

    /// <summary>Segments in memory, all lanes.</summary>
    public int Count => _count;

    /// <summary>Nothing waits, neither here nor spilled: the fast path may overtake nobody.</summary>
    public bool IsEmpty
    {
        get
        {
            if (_count > 0)
            {
                return false;
            }

            lock (_gate)
            {
                return _count == 0 && !_spilled[0] && !_spilled[1] && !_spilled[2] && !_spilled[3];
            }
        }
    }

    /// <returns>False when the lane is full or already spilled; the queue row stays in the ledger.</returns>
    public bool TryEnqueue(QueuedSegment segment, bool fromLedger = false)
    {
        var lane = Math.Clamp((int)segment.Priority, 0, Priorities - 1);
        lock (_gate)
        {
            if (segment.Seq < 0)
            {
                if (_moved[lane].Count >= capacityPerLane)
                {
                    return false;
                }

                _moved[lane].Enqueue(segment);
            }
            else if (_lanes[lane].Count >= capacityPerLane || (_spilled[lane] && !fromLedger))
            {
                _spilled[lane] = true;
                return false;
            }
            else
            {
                _lanes[lane].Enqueue(segment);
            }

            _count++;
        }

        _arrived?.Invoke();
        return true;
    }

    /// <summary>Takes up to <paramref name="most"/> segments, highest priority first, what came from another node before the rest, in order of arrival.</summary>
    public int TakeInto(List<QueuedSegment> target, int most)
    {
        if (_count == 0 || most <= 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var taken = 0;
            for (var lane = Priorities - 1; lane >= 0 && taken < most; lane--)
            {
                while (taken < most && (_moved[lane].TryDequeue(out var segment) || _lanes[lane].TryDequeue(out segment)))
                {
                    target.Add(segment);
                    taken++;
                }
            }

            _count -= taken;
            return taken;
        }
    }

    /// <summary>Segments in memory of one priority that came from another node.</summary>
    public int MovedOf(int lane)
    {
        lock (_gate)
        {
            return _moved[lane].Count;
        }
    }

    /// <summary>Segments in memory of one priority, without those that came from another node.</summary>
    public int CountOf(int lane)
    {
        lock (_gate)
        {
            return _lanes[lane].Count;
        }
    }

    /// <summary>The ledger holds no more of this lane than memory does: new arrivals may come straight in again.</summary>
    public void Unspill(int lane)
    {
        lock (_gate)
        {
            _spilled[lane] = false;
        }
    }

    /// <summary>Whether rows of this lane wait in the ledger only.</summary>
    public bool IsSpilled(int lane)
    {
        lock (_gate)
        {
            return _spilled[lane];
        }
    }
}
