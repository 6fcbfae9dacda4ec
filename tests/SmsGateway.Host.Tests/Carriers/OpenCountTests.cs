using SmsGateway.Host.Carriers;
using SmsGateway.Host.Flow;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class OpenCountTests
{
    [Fact]
    public async Task Who_waits_for_none_is_told_when_the_last_one_leaves()
    {
        var open = new OpenCount();
        await open.WhenNone();
        open.Enter(2);
        var none = open.WhenNone();
        open.Leave();
        Assert.False(none.IsCompleted);
        open.Leave();
        await none.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Entering_and_leaving_from_many_threads_ends_at_none()
    {
        var open = new OpenCount();
        open.Enter();
        var none = open.WhenNone();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                open.Enter();
                open.Leave();
            }
        })));
        Assert.False(none.IsCompleted);
        open.Leave();
        await none.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_signal_set_many_times_wakes_once_and_one_set_while_awake_is_not_lost()
    {
        var signal = new WakeSignal();
        signal.Set();
        signal.Set();
        await signal.WaitAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        var second = signal.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        await second.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
