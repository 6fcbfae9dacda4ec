using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class LimitsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void An_account_with_a_rate_gets_one_seconds_worth_and_then_a_time_to_come_back()
    {
        var rates = new AccountRates(_time);
        var account = new AccountSettings { Name = "demo", RatePerSecond = 10 };

        var taken = Enumerable.Range(0, 15).Count(_ => rates.TryTake(account, out var _));
        Assert.False(rates.TryTake(account, out var retryAfter));

        Assert.Equal(10, taken);
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(rates.TryTake(account, out _));
    }

    [Fact]
    public void An_account_without_a_rate_is_never_limited()
    {
        var rates = new AccountRates(_time);

        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.True(rates.TryTake(new AccountSettings { Name = "acme" }, out var _)));
    }

    [Fact]
    public void Parts_of_one_message_take_one_connector_and_the_next_message_chooses_again()
    {
        var pins = new ConcatPins(_time);
        var picks = 0;
        string Pick() => $"carrier-{++picks}";

        var first = pins.GetOrAdd("acme", "447700900001", new ConcatPart(7, 3, 1), Pick);
        Assert.Equal(first, pins.GetOrAdd("acme", "447700900001", new ConcatPart(7, 3, 2), Pick));
        Assert.NotEqual(first, pins.GetOrAdd("acme", "447700900001", new ConcatPart(8, 3, 1), Pick));

        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.NotEqual(first, pins.GetOrAdd("acme", "447700900001", new ConcatPart(7, 3, 1), Pick));
    }
}
