namespace SmsGateway.Host.Carriers;

/// <summary>
/// The submit_sm per second that a contract allows. A pure value over timestamps: no timer, no lock; its owner serialises.
/// Never more than a tenth of a second's worth is saved up, so that any two seconds stay within 5 % of the rate.
/// </summary>
internal struct TokenBucket
{
    // Refills in pieces add up to a little less than the whole.
    private const double Rounding = 1e-6;

    private readonly double _perTick;
    private readonly double _capacity;
    private double _tokens;
    private long _last;

    /// <param name="perSecond">Above 0.</param>
    /// <param name="frequency">Ticks per second of the timestamps, <see cref="TimeProvider.TimestampFrequency"/>.</param>
    /// <param name="now">The present timestamp; the bucket starts full.</param>
    public TokenBucket(double perSecond, long frequency, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        _perTick = perSecond / frequency;
        _capacity = Math.Max(1, perSecond / 10);
        _tokens = _capacity;
        _last = now;
    }

    /// <summary>Takes up to <paramref name="want"/> whole tokens.</summary>
    public int Take(int want, long now)
    {
        Refill(now);
        var taken = Math.Min(want, (int)(_tokens + Rounding));
        if (taken <= 0)
        {
            return 0;
        }

        _tokens = Math.Max(0, _tokens - taken);
        return taken;
    }

    /// <summary>Gives back tokens whose message was not written after all; what is above the capacity is lost.</summary>
    public void Return(int count) => _tokens = Math.Min(_capacity, _tokens + count);

    /// <summary>Ticks until one whole token is there; 0 = now.</summary>
    public long TicksUntilOne(long now)
    {
        Refill(now);
        return _tokens + Rounding >= 1 ? 0 : (long)Math.Ceiling((1 - _tokens) / _perTick);
    }

    private void Refill(long now)
    {
        // A timestamp from another thread may be a little older than the last one seen.
        if (now <= _last)
        {
            return;
        }

        _tokens = Math.Min(_capacity, _tokens + ((now - _last) * _perTick));
        _last = now;
    }
}
