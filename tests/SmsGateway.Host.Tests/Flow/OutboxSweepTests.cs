using SmsGateway.Host.Flow;

namespace SmsGateway.Host.Tests.Flow;

public sealed class OutboxSweepTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMicroseconds(1);
    private readonly OutboxSweep _sweep = new();

    [Fact]
    public void Every_second_look_is_at_the_newest_and_the_others_go_down_to_the_end_and_begin_again()
    {
        Look(null, Noon);
        Look(Noon - Step, Noon.AddHours(-1));
        Look(null, Noon.AddMinutes(1));
        Look(Noon.AddHours(-1) - Step, null);
        Look(null, Noon.AddMinutes(2));
        Look(Noon.AddMinutes(2) - Step, Noon);
    }

    [Fact]
    public void A_place_where_something_was_found_is_looked_at_again()
    {
        Look(null, Noon);
        Look(Noon - Step, Noon.AddHours(-1), found: true);
        Look(null, Noon, found: true);
        Look(Noon - Step, Noon.AddHours(-1));
        Look(null, Noon);
        Look(Noon.AddHours(-1) - Step, null);
    }

    [Fact]
    public void One_look_that_sees_everything_is_always_at_the_newest()
    {
        Look(null, null);
        Look(null, null, found: true);
        Look(null, null);
    }

    private void Look(DateTimeOffset? upTo, DateTimeOffset? from, bool found = false)
    {
        Assert.Equal(upTo, _sweep.UpTo);
        _sweep.Looked(from, found);
    }
}
