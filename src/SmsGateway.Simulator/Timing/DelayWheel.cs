namespace SmsGateway.Simulator.Timing;

/// <summary>Something to be done later by a <see cref="DelayWheel"/>.</summary>
internal interface IDelayed
{
    /// <summary>Does it; on a pool thread, must return quickly and not throw.</summary>
    void Run();
}

// All delays of one simulated carrier, in slots of a few milliseconds on one timer: a delayed answer or receipt costs one list entry, no task
// and no timer of its own. The timer runs only while something waits. Bounded: beyond the capacity a delay is cut to none (the caller is told).
internal sealed class DelayWheel : IAsyncDisposable
{
    private const int Slots = 4096;
    private static readonly TimeSpan SlotWidth = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly List<(long Slot, IDelayed Work)>[] _wheel = new List<(long, IDelayed)>[Slots];
    private readonly List<IDelayed> _due = [];
    private readonly ITimer _timer;
    private long _done;
    private int _waiting;
    private bool _running;
    private bool _ticking;
    private bool _disposed;

    public DelayWheel(TimeProvider time, int capacity = 4_000_000)
    {
        _time = time;
        _capacity = capacity;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((DelayWheel)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Delayed items not yet run.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Runs the work after the delay. False: nothing was scheduled (disposed or full), the caller does it now or drops it.</summary>
    public bool TryAdd(IDelayed work, int delayMs)
    {
        lock (_gate)
        {
            if (_disposed || _waiting >= _capacity)
            {
                return false;
            }

            long slot = Math.Max(_done + 1, (long)Math.Ceiling((Now() + delayMs) / SlotWidth.TotalMilliseconds));
            (_wheel[slot % Slots] ??= []).Add((slot, work));
            _waiting++;
            if (!_running)
            {
                _running = true;
                _done = Math.Max(_done, CurrentSlot() - 1);
                _timer.Change(SlotWidth, SlotWidth);
            }

            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await _timer.DisposeAsync();
    }

    private double Now() => _time.GetElapsedTime(_origin).TotalMilliseconds;

    private long CurrentSlot() => (long)(Now() / SlotWidth.TotalMilliseconds);

    private void Tick()
    {
        lock (_gate)
        {
            if (_ticking || _disposed)
            {
                return;
            }

            _ticking = true;
            Collect();
        }

        foreach (IDelayed work in _due)
        {
            work.Run();
        }

        lock (_gate)
        {
            _due.Clear();
            _ticking = false;
            if (_waiting == 0 && !_disposed)
            {
                _running = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // After a long pause every slot is looked at once, not once per elapsed round.
    private void Collect()
    {
        long now = CurrentSlot();
        for (long slot = Math.Max(_done + 1, now - Slots + 1); slot <= now; slot++)
        {
            List<(long Slot, IDelayed Work)>? items = _wheel[slot % Slots];
            if (items is not { Count: > 0 })
            {
                continue;
            }

            int kept = 0;
            for (int i = 0; i < items.Count; i++)
            {
                if (items[i].Slot <= now)
                {
                    _due.Add(items[i].Work);
                }
                else
                {
                    items[kept++] = items[i];
                }
            }

            items.RemoveRange(kept, items.Count - kept);
        }

        _done = Math.Max(_done, now);
        _waiting -= _due.Count;
    }
}
