using SmsGateway.Simulator.Timing;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class DelayWheelTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _run = [];

    [Fact]
    public async Task Work_runs_when_its_time_has_come_and_not_before()
    {
        await using var wheel = new DelayWheel(_time);
        wheel.TryAdd(new Noted(_run, "later"), 100);
        wheel.TryAdd(new Noted(_run, "soon"), 20);
        _time.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Empty(_run);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(["soon"], _run);
        _time.Advance(TimeSpan.FromMilliseconds(80));
        Assert.Equal(["soon", "later"], _run);
        Assert.Equal(0, wheel.Waiting);
    }

    [Fact]
    public async Task Equal_delays_keep_their_order()
    {
        await using var wheel = new DelayWheel(_time);
        for (int i = 0; i < 5; i++)
            wheel.TryAdd(new Noted(_run, $"{i}"), 30);
        _time.Advance(TimeSpan.FromMilliseconds(40));
        Assert.Equal(["0", "1", "2", "3", "4"], _run);
    }

    [Fact]
    public async Task A_delay_of_more_than_one_round_waits_for_its_own_round()
    {
        await using var wheel = new DelayWheel(_time);
        wheel.TryAdd(new Noted(_run, "minute"), 60_000);
        _time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Empty(_run);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(["minute"], _run);
    }

    [Fact]
    public async Task An_empty_wheel_has_no_timer_running_and_starts_again()
    {
        await using var wheel = new DelayWheel(_time);
        wheel.TryAdd(new Noted(_run, "first"), 10);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _time.ActiveTimers);
        wheel.TryAdd(new Noted(_run, "second"), 10);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(["first", "second"], _run);
    }

    [Fact]
    public async Task A_full_wheel_says_so()
    {
        await using var wheel = new DelayWheel(_time, capacity: 1);
        Assert.True(wheel.TryAdd(new Noted(_run, "a"), 10));
        Assert.False(wheel.TryAdd(new Noted(_run, "b"), 10));
    }

    private sealed class Noted(List<string> run, string name) : IDelayed
    {
        public void Run() => run.Add(name);
    }
}
