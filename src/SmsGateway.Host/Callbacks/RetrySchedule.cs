namespace SmsGateway.Host.Callbacks;

// When a delivery that was not acknowledged is offered again: FirstRetry, doubled with each offer, up to LongestRetry, each a fifth shorter
// or longer by chance so that what failed together does not come back together. The last offer is at the end.
internal sealed class RetrySchedule(CallbackOptions options, TimeSpan giveUpAfter, Func<double> chance)
{
    public bool IsOver(DateTimeOffset created, DateTimeOffset now) => now >= created + giveUpAfter;

    /// <summary>When to offer again after the offer numbered <paramref name="offers"/> (from 1) failed at <paramref name="now"/>.</summary>
    /// <returns>Null when there is no time left and the delivery is to be parked.</returns>
    public DateTimeOffset? Next(DateTimeOffset created, DateTimeOffset now, int offers)
    {
        var end = created + giveUpAfter;
        if (now >= end)
        {
            return null;
        }

        var doublings = Math.Clamp(offers - 1, 0, 30); // 2^30 times the shortest pause is beyond any longest one
        var pause = Math.Min(options.FirstRetry.TotalSeconds * (1L << doublings), options.LongestRetry.TotalSeconds);
        var due = now + TimeSpan.FromSeconds(pause * (0.8 + (0.4 * chance())));
        return due < end ? due : end;
    }
}
