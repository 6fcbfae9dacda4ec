using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Carriers;

/// <summary>
/// The pause before the next try to bind: doubles with each failure in a row from First to Max, and half of it is left to
/// chance, so that the binds of all nodes do not come back at the same moment. A pure value.
/// </summary>
internal readonly record struct ReconnectDelay(CarrierReconnect Limits, int Failures = 0)
{
    // 2^20 times the first pause is beyond any maximum; more would overflow.
    private const int MostDoublings = 20;

    /// <summary>One more failure in a row.</summary>
    public ReconnectDelay Failed() => this with { Failures = Math.Min(Failures + 1, MostDoublings) };

    /// <summary>After a bind that ended: one that lived longer than the longest pause was a success, a short one counts as a failure.</summary>
    public ReconnectDelay Ended(TimeSpan lived) => lived > Limits.Max ? this with { Failures = 1 } : Failed();

    /// <param name="chance">From 0 to 1, evenly distributed.</param>
    public TimeSpan Pause(double chance)
    {
        var doubled = Limits.First.Ticks * Math.Pow(2, Math.Max(0, Failures - 1));
        var whole = Math.Min(doubled, Limits.Max.Ticks);
        return TimeSpan.FromTicks((long)(whole * (0.5 + (0.5 * Math.Clamp(chance, 0, 1)))));
    }
}
