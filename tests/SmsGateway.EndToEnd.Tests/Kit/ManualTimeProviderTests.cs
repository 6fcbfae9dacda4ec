using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Kit;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Timers_fire_in_due_order_each_at_its_own_time()
    {
        var start = _clock.GetUtcNow();
        List<(string Name, double At)> fired = [];
        ITimer Set(string name, int due, int period = 0) => _clock.CreateTimer(
            _ => fired.Add((name, (_clock.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(due),
            period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
        Set("late", 5);
        Set("early", 1);
        Set("beside early", 1);
        Set("beat", 2, 2);
        Set("gone", 3).Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([("early", 1), ("beside early", 1), ("beat", 2), ("beat", 4), ("late", 5)], fired);
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void A_step_of_the_wall_clock_moves_no_timer_and_no_timestamp()
    {
        var (wall, stamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        using var timer = _clock.CreateTimer(_ => Assert.Fail("fired"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.StepWallClock(TimeSpan.FromHours(-1));
        Assert.Equal(TimeSpan.FromHours(-1), _clock.GetUtcNow() - wall);
        Assert.Equal(TimeSpan.Zero, _clock.GetElapsedTime(stamp));
    }

    [Fact]
    public async Task Framework_delays_and_timeouts_follow_the_hand_turned_clock()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(10), _clock);
        await _clock.TimersAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(source.IsCancellationRequested);
        Assert.False(delay.IsCompleted);
        Assert.True(await beat.WaitForNextTickAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(Eventually.DefaultTimeout);
    }
}
