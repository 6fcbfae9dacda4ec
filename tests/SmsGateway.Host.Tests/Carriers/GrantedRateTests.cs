using SmsGateway.Host.Carriers;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class GrantedRateTests
{
    private const long Frequency = 1_000_000;
    private const long Millisecond = Frequency / 1_000;

    [Fact]
    public void Without_a_grant_there_is_nothing_and_no_time_brings_it()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        Assert.Equal(0, rate.Take(10, now: Frequency));
        Assert.Null(rate.TicksUntilOne(now: Frequency));
    }

    [Fact]
    public void A_grant_is_spent_evenly_and_its_first_token_at_once()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        rate.Grant(20, now: 0);
        List<long> at = [];
        for (long now = 0; now < 400 * Millisecond; now += Millisecond)
        {
            for (var taken = rate.Take(5, now); taken > 0; taken--)
            {
                at.Add(now / Millisecond);
            }
        }

        Assert.Equal(20, at.Count);
        Assert.Equal(0, at[0]);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 13, 14));
    }

    [Fact]
    public void A_large_grant_is_never_spent_faster_than_the_whole_contract_allows()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        rate.Grant(50, now: 0);
        var taken = 0;
        for (long now = 0; now <= 250 * Millisecond; now += Millisecond)
        {
            taken += rate.Take(50, now);
        }

        Assert.Equal(26, taken);
    }

    [Fact]
    public void No_more_than_a_tenth_of_a_second_is_saved_up()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        rate.Grant(25, now: 0);
        Assert.Equal(10, rate.Take(100, now: 300 * Millisecond));
        Assert.Equal(0, rate.Take(100, now: 400 * Millisecond));
    }

    [Fact]
    public void What_a_grant_left_is_void_a_second_after_its_time()
    {
        var kept = new GrantedRate(100, Frequency, now: 0);
        var late = kept;
        kept.Grant(20, now: 0);
        late.Grant(20, now: 0);
        Assert.Equal(10, kept.Take(100, now: 1_200 * Millisecond));
        Assert.Equal(0, late.Take(100, now: 1_250 * Millisecond));
        Assert.Null(late.TicksUntilOne(now: 1_250 * Millisecond));
    }

    [Fact]
    public void A_token_given_back_can_be_taken_again_but_not_when_it_is_void()
    {
        var rate = new GrantedRate(20, Frequency, now: 0);
        rate.Grant(1, now: 0);
        Assert.Equal(1, rate.Take(2, now: 0));
        rate.Return(1);
        Assert.Equal(1, rate.Take(2, now: 0));
        rate.Return(1);
        Assert.Equal(0, rate.Take(2, now: 10 * Frequency));
        rate.Return(1);
        Assert.Equal(0, rate.Take(2, now: 11 * Frequency));
    }

    [Fact]
    public void A_timestamp_from_the_past_takes_nothing_away()
    {
        var rate = new GrantedRate(10, Frequency, now: 5 * Frequency);
        rate.Grant(2, now: 5 * Frequency);
        Assert.Equal(1, rate.Take(1, now: 4 * Frequency));
        Assert.Equal(0, rate.Take(1, now: 4 * Frequency));
        Assert.Equal(1, rate.Take(1, now: (5 * Frequency) + (Frequency / 4)));
    }

    // The sender waits for as long as it is told, and when it is told nothing, until the next grant.
    [Fact]
    public void What_is_refused_at_a_moment_has_a_wait_at_that_very_moment_or_needs_a_grant()
    {
        var random = new Random(11);
        var rate = new GrantedRate(40, Frequency, now: 0);
        var (refused, waits) = (0, 0);
        long granted = 0;
        for (long now = 0; now < 20 * Frequency; now += random.NextInt64(1, Frequency / 100))
        {
            if (now - granted > 200 * Millisecond)
            {
                rate.Grant(random.Next(0, 12), now);
                granted = now;
            }

            if (rate.Take(1, now) > 0)
            {
                continue;
            }

            refused++;
            if (rate.TicksUntilOne(now) is { } wait)
            {
                waits++;
                Assert.True(wait > 0);
                var later = rate;
                Assert.Equal(1, later.Take(1, now + wait));
            }
        }

        Assert.True(refused > 1_000);
        Assert.True(waits > 100);
    }

    [Fact]
    public void What_is_missed_after_a_quiet_time_is_asked_for_and_a_backlog_asks_for_half_a_second()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        Assert.Equal((0, false), rate.TakeWanted(now: 0));
        Assert.False(rate.ShouldAsk);
        rate.Missed(3);
        Assert.True(rate.ShouldAsk);
        Assert.Equal((3, true), rate.TakeWanted(now: 0));
        rate.Missed(7_000);
        Assert.False(rate.ShouldAsk);
        Assert.Equal((50, true), rate.TakeWanted(now: 0));
    }

    [Fact]
    public void Steady_traffic_is_asked_for_in_advance_and_a_while_after_its_end()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        long now = 0;
        for (; now < 2 * Frequency; now += 20 * Millisecond)
        {
            rate.Grant(1, now);
            Assert.Equal(1, rate.Take(1, now));
        }

        // 25 in half a second, a fifth more and one.
        Assert.Equal((31, true), rate.TakeWanted(now));
        Assert.True(rate.TakeWanted(now + (Frequency / 4)).AskAgain);
        Assert.Equal((0, false), rate.TakeWanted(now + (2 * Frequency)));
    }

    [Fact]
    public void What_is_held_already_is_not_asked_for_again()
    {
        var rate = new GrantedRate(100, Frequency, now: 0);
        rate.Missed(500);
        rate.Grant(40, now: 0);
        Assert.Equal((10, true), rate.TakeWanted(now: 0));
    }

    [Fact]
    public void A_contract_of_less_than_one_in_half_a_second_still_asks_for_one()
    {
        var rate = new GrantedRate(0.5, Frequency, now: 0);
        rate.Missed(12);
        Assert.Equal((1, true), rate.TakeWanted(now: 0));
        rate.Grant(1, now: 0);
        Assert.Equal(1, rate.Take(12, now: 0));
    }
}
