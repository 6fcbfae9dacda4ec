using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class ReconnectDelayTests
{
    private static readonly ReconnectDelay Fresh = new(new CarrierReconnect { First = TimeSpan.FromSeconds(1), Max = TimeSpan.FromSeconds(30) });

    [Fact]
    public void The_pause_doubles_up_to_the_maximum()
    {
        var delay = Fresh;
        var seen = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            delay = delay.Failed();
            seen.Add(delay.Pause(chance: 1).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], seen);
    }

    [Fact]
    public void Half_of_the_pause_is_left_to_chance()
    {
        var delay = Fresh.Failed().Failed();
        Assert.Equal(1.0, delay.Pause(chance: 0).TotalSeconds);
        Assert.Equal(1.5, delay.Pause(chance: 0.5).TotalSeconds);
        Assert.Equal(2.0, delay.Pause(chance: 1).TotalSeconds);
    }

    [Fact]
    public void A_bind_that_lived_long_starts_the_count_anew_and_a_short_one_does_not()
    {
        var delay = Fresh.Failed().Failed().Failed();
        Assert.Equal(1.0, delay.Ended(TimeSpan.FromMinutes(5)).Pause(1).TotalSeconds);
        Assert.Equal(8.0, delay.Ended(TimeSpan.FromSeconds(2)).Pause(1).TotalSeconds);
    }

    [Fact]
    public void A_thousand_failures_do_not_overflow()
    {
        var delay = Fresh;
        for (var i = 0; i < 1_000; i++)
        {
            delay = delay.Failed();
        }

        Assert.Equal(30.0, delay.Pause(1).TotalSeconds);
    }
}
