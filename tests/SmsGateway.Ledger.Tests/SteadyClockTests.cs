using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class SteadyClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);
    private readonly ManualTimeProvider _machine = new(Start);
    private readonly SteadyClock _clock;

    public SteadyClockTests() => _clock = new SteadyClock(_machine);

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void It_goes_on_when_the_machines_clock_is_set_and_when_that_is_right_again(int seconds)
    {
        _machine.Advance(TimeSpan.FromSeconds(1));
        _machine.StepWallClock(TimeSpan.FromSeconds(seconds));
        _machine.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Start.AddSeconds(2), _clock.GetUtcNow());
        _machine.StepWallClock(TimeSpan.FromSeconds(-seconds));
        Assert.Equal(Start.AddSeconds(2), _clock.GetUtcNow());
    }

    [Fact]
    public void It_follows_a_clock_that_is_slewed()
    {
        for (var i = 0; i < 10; i++)
        {
            _machine.StepWallClock(TimeSpan.FromSeconds(0.5));
            Assert.Equal(_machine.GetUtcNow(), _clock.GetUtcNow());
        }
    }

    [Fact]
    public void The_ledgers_clock_decides_whether_the_step_or_what_was_before_it_is_right()
    {
        _machine.StepWallClock(TimeSpan.FromMinutes(10));
        Assert.Equal(Start, _clock.GetUtcNow());
        _clock.Correct(TimeSpan.FromSeconds(0.9));
        Assert.Equal(Start.AddMinutes(10), _clock.GetUtcNow());
        _clock.Correct(TimeSpan.FromMinutes(10));
        Assert.Equal(Start, _clock.GetUtcNow());
    }

    [Fact]
    public async Task Health_tells_how_far_the_machines_clock_is_off_and_sets_the_steady_one()
    {
        var database = await LedgerUnderTest.DatabaseAsync(); // it takes its time
        var machine = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-3));
        var clock = new SteadyClock(machine);
        await using var ledger = await LedgerUnderTest.StartAsync(database, time: clock);
        Assert.InRange((await ledger.Health.CheckAsync(CancellationToken.None)).ClockOffset.TotalSeconds, -200, -170);
        Assert.InRange((clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds, -20, 2);
    }
}
