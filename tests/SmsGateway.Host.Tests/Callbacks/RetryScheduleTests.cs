using SmsGateway.Host.Callbacks;

namespace SmsGateway.Host.Tests.Callbacks;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static RetrySchedule Schedule(double chance = 0.5) => new(new CallbackOptions(), TimeSpan.FromHours(72), () => chance);

    [Fact]
    public void Pauses_double_from_five_seconds_to_an_hour()
    {
        var pauses = Enumerable.Range(1, 12).Select(offers => (Schedule().Next(Created, Created, offers)!.Value - Created).TotalSeconds);
        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600], pauses);
    }

    [Fact]
    public void Chance_moves_a_pause_by_a_fifth_either_way()
    {
        Assert.Equal(4, (Schedule(0).Next(Created, Created, 1)!.Value - Created).TotalSeconds);
        Assert.Equal(6, (Schedule(1).Next(Created, Created, 1)!.Value - Created).TotalSeconds);
    }

    [Fact]
    public void The_last_offer_is_at_the_end_and_after_it_there_is_none()
    {
        var end = Created + TimeSpan.FromHours(72);
        Assert.Equal(end, Schedule().Next(Created, end - TimeSpan.FromMinutes(1), 80));
        Assert.Null(Schedule().Next(Created, end, 81));
    }

    [Fact]
    public void Any_number_of_offers_has_a_pause() =>
        Assert.Equal(3600, (Schedule().Next(Created, Created, int.MaxValue)!.Value - Created).TotalSeconds);
}
