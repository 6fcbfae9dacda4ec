using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Host.Operations;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class StopOrderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _ran = [];

    [Fact]
    public async Task Steps_run_one_after_the_other()
    {
        var gate = new TaskCompletionSource();
        var stopping = Stop(Step("first", _ => gate.Task), Step("second", _ => Task.CompletedTask));

        Assert.Equal(["first"], _ran);
        gate.SetResult();
        await stopping;

        Assert.Equal(["first", "second"], _ran);
    }

    [Fact]
    public async Task A_step_that_fails_does_not_keep_the_next_one_from_running()
    {
        await Stop(Step("bad", _ => throw new InvalidOperationException("broken")), Step("next", _ => Task.CompletedTask));

        Assert.Equal(["bad", "next"], _ran);
    }

    [Fact]
    public async Task A_step_that_hangs_is_left_behind_after_its_bound()
    {
        var stopping = Stop(Step("hangs", _ => new TaskCompletionSource().Task), Step("next", _ => Task.CompletedTask));
        Assert.Equal(["hangs"], _ran);

        _time.Advance(TimeSpan.FromSeconds(5));
        await stopping;

        Assert.Equal(["hangs", "next"], _ran);
    }

    [Fact]
    public async Task Steps_after_the_listeners_wait_until_the_host_has_stopped_them()
    {
        var order = new StopOrder(
            [Step("last", _ => Task.CompletedTask) with { AfterListeners = true }, Step("first", _ => Task.CompletedTask)], _time, NullLogger<StopOrder>.Instance);

        await order.StoppingAsync(CancellationToken.None);
        Assert.Equal(["first"], _ran);
        await order.StoppedAsync(CancellationToken.None);

        Assert.Equal(["first", "last"], _ran);
    }

    [Fact]
    public async Task When_the_hosts_time_is_up_no_step_keeps_the_process_for_longer_than_a_moment()
    {
        using var timeUp = new CancellationTokenSource();
        var order = new StopOrder(
            [Step("hangs", _ => new TaskCompletionSource().Task), Step("hangs too", _ => new TaskCompletionSource().Task), Step("last", _ => Task.CompletedTask)],
            _time,
            NullLogger<StopOrder>.Instance);
        var stopping = order.StoppingAsync(timeUp.Token);
        await timeUp.CancelAsync();

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.TrueAsync(() => _ran.Count == 2, "the second step has begun");
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await stopping;

        Assert.Equal(["hangs", "hangs too", "last"], _ran);
    }

    private Task Stop(params StopStep[] steps) =>
        new StopOrder(steps, _time, NullLogger<StopOrder>.Instance).StoppingAsync(CancellationToken.None);

    private StopStep Step(string name, Func<CancellationToken, Task> run) => new(name, TimeSpan.FromSeconds(5), token =>
    {
        _ran.Add(name);
        return run(token);
    });
}
