using SmsGateway.Host.Carriers;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class TokenBucketTests
{
    private const long Frequency = 1_000_000;

    [Theory]
    [InlineData(100, 1_000)]
    [InlineData(100, 7_000)]
    [InlineData(37.5, 3_333)]
    [InlineData(3, 10_000)]
    [InlineData(5_000, 900)]
    public void The_rate_is_held_within_five_percent_over_two_seconds_and_more(double rate, long step)
    {
        var bucket = new TokenBucket(rate, Frequency, now: 0);
        var taken = 0L;
        for (var now = 0L; now <= 10 * Frequency; now += step)
        {
            taken += bucket.Take(1_000_000, now);
        }

        Assert.InRange(taken, (rate * 10 * 0.95) - 1, (rate * 10 * 1.05) + 1);
    }

    [Fact]
    public void An_idle_hour_saves_up_a_tenth_of_a_second_and_no_more()
    {
        var bucket = new TokenBucket(100, Frequency, now: 0);
        Assert.Equal(10, bucket.Take(1_000, now: 3_600 * Frequency));
        Assert.Equal(0, bucket.Take(1_000, now: 3_600 * Frequency));
    }

    [Fact]
    public void A_slow_contract_still_gets_one_at_a_time()
    {
        var bucket = new TokenBucket(0.5, Frequency, now: 0);
        Assert.Equal(1, bucket.Take(10, now: 0));
        Assert.Equal(2 * Frequency, bucket.TicksUntilOne(now: 0));
        Assert.Equal(0, bucket.Take(10, now: (2 * Frequency) - 1_000));
        Assert.Equal(1, bucket.Take(10, now: 2 * Frequency));
    }

    [Fact]
    public void A_token_given_back_can_be_taken_again_but_the_bucket_does_not_overflow()
    {
        var bucket = new TokenBucket(20, Frequency, now: 0);
        Assert.Equal(2, bucket.Take(2, now: 0));
        bucket.Return(1);
        Assert.Equal(1, bucket.Take(2, now: 0));
        bucket.Return(100);
        Assert.Equal(2, bucket.Take(100, now: 0));
    }

    [Fact]
    public void A_timestamp_from_the_past_takes_nothing_away()
    {
        var bucket = new TokenBucket(10, Frequency, now: 5 * Frequency);
        Assert.Equal(1, bucket.Take(1, now: 4 * Frequency));
        Assert.Equal(0, bucket.Take(1, now: 4 * Frequency));
        Assert.Equal(1, bucket.Take(1, now: (5 * Frequency) + (Frequency / 10)));
    }

    // The sender waits for as long as the bucket says, and for ever when it says zero.
    [Fact]
    public void What_is_refused_at_a_moment_has_a_wait_at_that_very_moment()
    {
        var random = new Random(11);
        var bucket = new TokenBucket(40, Frequency, now: 0);
        var refused = 0;
        for (long now = 0; now < 20 * Frequency; now += random.NextInt64(1, Frequency / 100))
        {
            if (bucket.Take(1, now) == 0)
            {
                refused++;
                Assert.True(bucket.TicksUntilOne(now) > 0);
            }
        }

        Assert.True(refused > 1_000);
    }
}
