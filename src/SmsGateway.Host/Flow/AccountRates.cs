using System.Collections.Concurrent;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Flow;

// One token bucket per account that has a rate: filled at the rate, one second deep, so a client may spend a second's
// worth at once and no more.
internal sealed class AccountRates(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <param name="account">Its <c>ratePerSecond</c>; null takes nothing and always succeeds.</param>
    /// <param name="retryAfter">When a token is there again.</param>
    public bool TryTake(AccountSettings account, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return account.RatePerSecond is not { } rate
            || _buckets.GetOrAdd(account.Name, static (_, clock) => new Bucket(clock.GetTimestamp()), time).TryTake(rate, time, out retryAfter);
    }

    private sealed class Bucket(long start)
    {
        private readonly Lock _gate = new();
        private double _tokens = double.MaxValue;
        private long _last = start;

        public bool TryTake(int rate, TimeProvider time, out TimeSpan retryAfter)
        {
            lock (_gate)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(rate, _tokens + time.GetElapsedTime(_last, now).TotalSeconds * rate);
                _last = now;
                if (_tokens >= 1)
                {
                    _tokens--;
                    retryAfter = default;
                    return true;
                }

                retryAfter = TimeSpan.FromSeconds((1 - _tokens) / rate);
                return false;
            }
        }
    }
}
