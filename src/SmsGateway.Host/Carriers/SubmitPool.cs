namespace SmsGateway.Host.Carriers;

// The binds of one carrier that can take submits, and the rate of its contract. Gives out slots round robin: a slot is a
// place in one bind's window together with a token, so whoever holds one may write one submit_sm.
internal sealed class SubmitPool
{
    private readonly Lock _gate = new();
    private readonly OpenCount _open;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly bool _isLimited;
    private TokenBucket _tokens;
    private CarrierBind[] _binds = [];
    private int _next;

    /// <param name="tps">submit_sm per second; null = no limit.</param>
    /// <param name="open">Counts the slots that are out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when a slot came back or a bind joined.</param>
    public SubmitPool(double? tps, OpenCount open, TimeProvider time, Action changed)
    {
        _open = open;
        _time = time;
        _changed = changed;
        _isLimited = tps is not null;
        if (tps is { } rate)
        {
            _tokens = new TokenBucket(rate, time.TimestampFrequency, time.GetTimestamp());
        }
    }

    /// <summary>Binds that can take submits now, throttled ones too.</summary>
    public int Count => Volatile.Read(ref _binds).Length;

    public void Add(CarrierBind bind)
    {
        lock (_gate)
        {
            _binds = [.. _binds, bind];
        }

        _changed();
    }

    public void Remove(CarrierBind bind)
    {
        lock (_gate)
        {
            _binds = Array.FindAll(_binds, other => other != bind);
        }
    }

    /// <summary>One slot, or null when every window is full or the rate is spent.</summary>
    public SubmitSlot? TryReserve()
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            if (_isLimited && _tokens.Take(1, now) == 0)
            {
                return null;
            }

            if (NextFree(now) is { } bind)
            {
                _open.Enter();
                return new SubmitSlot(bind, this);
            }

            _tokens.Return(_isLimited ? 1 : 0);
            return null;
        }
    }

    /// <summary>Adds up to <paramref name="most"/> slots.</summary>
    /// <param name="slots">Where they go.</param>
    /// <param name="most">Above 0.</param>
    /// <param name="untilMore">
    /// When there was none: when to look again because time alone may bring one (a token, the end of a throttle pause); null when
    /// only an event can. Judged at the same moment as the refusal: a token that comes between the two would wake nobody.
    /// </param>
    /// <returns>How many were added.</returns>
    public int Reserve(List<SubmitSlot> slots, int most, out TimeSpan? untilMore)
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            var allowed = _isLimited ? _tokens.Take(most, now) : most;
            var got = 0;
            while (got < allowed && NextFree(now) is { } bind)
            {
                slots.Add(new SubmitSlot(bind, this));
                got++;
            }

            if (_isLimited)
            {
                _tokens.Return(allowed - got);
            }

            _open.Enter(got);
            untilMore = got == 0 ? UntilMore(now) : null;
            return got;
        }
    }

    /// <summary>Takes back a slot in which nothing was sent.</summary>
    public void Return(SubmitSlot slot)
    {
        slot.Owner.ReleaseSlot();
        lock (_gate)
        {
            _tokens.Return(_isLimited ? 1 : 0);
        }

        _open.Leave();
        _changed();
    }

    /// <summary>The same slot on another bind where that one has a place; else the slot as it is.</summary>
    public SubmitSlot Moved(SubmitSlot slot, CarrierBind bind)
    {
        if (slot.Owner == bind || !bind.TryReserveSlot(_time.GetTimestamp()))
        {
            return slot;
        }

        slot.Owner.ReleaseSlot();
        return new SubmitSlot(bind, this);
    }

    private TimeSpan? UntilMore(long now)
    {
        var ticks = _isLimited ? _tokens.TicksUntilOne(now) : 0;
        foreach (var bind in _binds)
        {
            var paused = bind.TicksPaused(now);
            ticks = ticks == 0 || (paused > 0 && paused < ticks) ? paused : ticks;
        }

        return ticks > 0 ? TimeSpan.FromSeconds((double)ticks / _time.TimestampFrequency) : null;
    }

    private CarrierBind? NextFree(long now)
    {
        for (var tried = 0; tried < _binds.Length; tried++)
        {
            _next = _next + 1 < _binds.Length ? _next + 1 : 0;
            if (_binds[_next].TryReserveSlot(now))
            {
                return _binds[_next];
            }
        }

        return null;
    }
}
