namespace SmsGateway.Host.Carriers;

// The binds of one carrier that can take submits, and this node's part of the contract's rate. Gives out slots round robin: a
// slot is a place in one bind's window together with a token, so whoever holds one may write one submit_sm.
internal sealed class SubmitPool
{
    private readonly Lock _gate = new();
    private readonly OpenCount _open;
    private readonly Func<long> _epoch;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly Action _tokensMissed;
    private readonly bool _isLimited;
    private GrantedRate _tokens;
    private CarrierBind[] _binds = [];
    private int _next;

    /// <param name="tps">submit_sm per second; null = no limit.</param>
    /// <param name="open">Counts the slots that are out.</param>
    /// <param name="epoch">This node's present epoch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Called when a slot or tokens came or a bind joined.</param>
    /// <param name="tokensMissed">Called when the ledger should be asked for tokens.</param>
    public SubmitPool(double? tps, OpenCount open, Func<long> epoch, TimeProvider time, Action changed, Action tokensMissed)
    {
        (_open, _epoch, _time, _changed, _tokensMissed) = (open, epoch, time, changed, tokensMissed);
        _isLimited = tps is not null;
        if (tps is { } rate)
        {
            _tokens = new GrantedRate(rate, time.TimestampFrequency, time.GetTimestamp());
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
                Missed(1, now);
                return null;
            }

            if (NextFree(now) is { } bind)
            {
                _open.Enter();
                return new SubmitSlot(bind, this, _epoch());
            }

            Return(1);
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
            var epoch = _epoch();
            while (got < allowed && NextFree(now) is { } bind)
            {
                slots.Add(new SubmitSlot(bind, this, epoch));
                got++;
            }

            Return(allowed - got);
            Missed(got == allowed ? most - got : 0, now);
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
            Return(1);
        }

        _open.Leave();
        _changed();
    }

    /// <summary>How many tokens to ask the ledger for now, as <see cref="GrantedRate.TakeWanted"/> counts them.</summary>
    public (int Want, bool AskAgain) TakeWantedTokens()
    {
        lock (_gate)
        {
            return _isLimited ? _tokens.TakeWanted(_time.GetTimestamp()) : default;
        }
    }

    /// <summary>Takes in what the ledger granted of what was asked for, 0 too: whoever waits looks again and is counted again.</summary>
    public void Grant(int tokens)
    {
        lock (_gate)
        {
            _tokens.Grant(tokens, _time.GetTimestamp());
        }

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
        return new SubmitSlot(bind, this, slot.Epoch);
    }

    /// <summary>Whether this node holds another epoch by now than when the slot was reserved.</summary>
    public bool IsOver(SubmitSlot slot) => slot.Epoch != _epoch();

    private TimeSpan? UntilMore(long now)
    {
        var ticks = _isLimited ? _tokens.TicksUntilOne(now) ?? 0 : 0;
        foreach (var bind in _binds)
        {
            var paused = bind.TicksPaused(now);
            ticks = ticks == 0 || (paused > 0 && paused < ticks) ? paused : ticks;
        }

        return ticks > 0 ? TimeSpan.FromSeconds((double)ticks / _time.TimestampFrequency) : null;
    }

    private void Return(int tokens)
    {
        if (_isLimited)
        {
            _tokens.Return(tokens);
        }
    }

    // Tokens that no bind has a place for are not missed: they would be lost to the other nodes.
    private void Missed(int tokens, long now)
    {
        if (!_isLimited || tokens <= 0 || !HasFreeSlot(now))
        {
            return;
        }

        _tokens.Missed(tokens);
        if (_tokens.ShouldAsk)
        {
            _tokensMissed();
        }
    }

    private bool HasFreeSlot(long now)
    {
        foreach (var bind in _binds)
        {
            if (bind.HasFreeSlot(now))
            {
                return true;
            }
        }

        return false;
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
