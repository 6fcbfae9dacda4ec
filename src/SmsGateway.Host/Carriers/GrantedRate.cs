namespace SmsGateway.Host.Carriers;

/// <summary>
/// This node's part of the submit_sm per second that a contract allows: the ledger grants tokens, which are released evenly until
/// the next grant. Never more than a tenth of a second's worth of the contract is saved up, and what a grant leaves is void soon.
/// Also what was wanted lately, so that the asker knows what to ask for. A pure value over timestamps; its owner serialises.
/// </summary>
internal struct GrantedRate
{
    /// <summary>
    /// How often is asked while there is demand. A small statement each time that waits for no disk; the longer it is, the more
    /// the nodes together exceed the rate when they begin or when one joins, since each spends its last grant first.
    /// </summary>
    public static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(200);

    // A grant lasts a little longer than to the next one: an answer that comes late leaves no gap.
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(250);

    // What was not used this long after its time is no longer this node's own: the process may have slept.
    private static readonly TimeSpan KeptAfterwards = TimeSpan.FromSeconds(1);

    // What the ledger wants to know: how many could be sent within this time.
    private static readonly TimeSpan Horizon = TimeSpan.FromMilliseconds(500);

    // Asked for on top of the traffic of late, so that ordinary unevenness meets a token.
    private const double Headroom = 1.2;

    // Pieces add up to a little less than the whole.
    private const double Rounding = 1e-6;

    private readonly long _frequency;
    private readonly double _fastest;
    private readonly double _capacity;
    private readonly int _most;
    private double _ready;
    private double _unreleased;
    private double _perTick;
    private long _last;
    private long _voidAt;
    private int _missed;
    private int _taken;
    private int _takenBefore;
    private bool _isUsed;
    private long _countedSince;
    private bool _isAsking;

    /// <param name="perSecond">The rate of the whole contract, above 0.</param>
    /// <param name="frequency">Ticks per second of the timestamps, <see cref="TimeProvider.TimestampFrequency"/>.</param>
    /// <param name="now">The present timestamp; there are no tokens before the first grant.</param>
    public GrantedRate(double perSecond, long frequency, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        _frequency = frequency;
        _fastest = perSecond / frequency;
        _capacity = Math.Max(1, perSecond / 10);
        _most = (int)Math.Ceiling(perSecond * Horizon.TotalSeconds);
        _last = _voidAt = _countedSince = now;
    }

    /// <summary>Tokens are missed and nobody is going to ask unless told so.</summary>
    public readonly bool ShouldAsk => _missed > 0 && !_isAsking;

    /// <summary>Takes up to <paramref name="want"/> whole tokens.</summary>
    public int Take(int want, long now)
    {
        Release(now);
        var taken = Math.Max(0, Math.Min(want, (int)(_ready + Rounding)));
        _ready = Math.Max(0, _ready - taken);
        _taken += taken;
        _isUsed |= taken > 0;
        return taken;
    }

    /// <summary>So many more would have been used if they had been there. Those that a full window would have stopped do not count.</summary>
    public void Missed(int count) => _missed = Math.Max(_missed, count);

    /// <summary>Gives back tokens whose message was not written after all; what is above the capacity is lost.</summary>
    public void Return(int count)
    {
        _ready = Math.Min(_capacity, _ready + count);
        _taken = Math.Max(0, _taken - count);
    }

    /// <summary>How many could be sent within the next half second: what the ledger wants to know. A new count of what is missed begins.</summary>
    /// <returns>And whether to ask again after the interval; else, since nothing was wanted lately, when one is missed.</returns>
    public (int Want, bool AskAgain) TakeWanted(long now)
    {
        Release(now);
        var lately = Math.Max(_taken, _takenBefore);
        var demand = (int)Math.Min(_most, (lately == 0 ? 0 : (lately * Headroom) + 1) + _missed);
        var held = (int)(_ready + _unreleased + Rounding);
        var isIdle = !_isUsed && _missed == 0;
        _missed = 0;
        _isUsed = false;
        _isAsking = demand > 0;
        if (isIdle)
        {
            // Nothing was sent since the last question: what is held is enough, the share is for the others.
            return (0, _isAsking);
        }

        return (held * 2 > demand ? Math.Max(0, demand - held) : demand, _isAsking);
    }

    /// <summary>Takes in what the ledger granted. It is void one second after the time it is meant for.</summary>
    public void Grant(int tokens, long now)
    {
        Release(now);
        if (tokens <= 0)
        {
            return;
        }

        if (_unreleased <= Rounding && _ready < 1)
        {
            // The flow stood still: the first one need not wait for its turn.
            _unreleased -= 1 - _ready;
            _ready = 1;
        }

        _unreleased += tokens;
        _perTick = Math.Min(_fastest, _unreleased / Ticks(Spread));
        _voidAt = now + Ticks(KeptAfterwards) + (long)(_unreleased / _perTick);
    }

    /// <summary>Ticks until one whole token is there; 0 = now, null = not without another grant.</summary>
    public long? TicksUntilOne(long now)
    {
        Release(now);
        if (_ready + Rounding >= 1)
        {
            return 0;
        }

        return _ready + _unreleased + Rounding >= 1 ? (long)Math.Ceiling((1 - _ready) / _perTick) : null;
    }

    private void Release(long now)
    {
        // A timestamp from another thread may be a little older than the last one seen.
        if (now <= _last)
        {
            return;
        }

        var released = Math.Min(_unreleased, (now - _last) * _perTick);
        _unreleased -= released;
        _ready = Math.Min(_capacity, _ready + released);
        _last = now;
        if (now >= _voidAt)
        {
            _ready = _unreleased = 0;
        }

        Count(now);
    }

    // In pieces of the horizon; the last whole one and the present one are looked at.
    private void Count(long now)
    {
        var piece = Ticks(Horizon);
        if (now - _countedSince >= piece)
        {
            _takenBefore = now - _countedSince < 2 * piece ? _taken : 0;
            _taken = 0;
            _countedSince = now;
        }
    }

    private readonly long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _frequency);
}
