using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Host.Carriers;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class RateAskerTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Channel<int> _asked = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _granted = Channel.CreateUnbounded<int>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RateAsker _asker;
    private readonly Task _running;
    private (int, bool) _wanted;
    private Func<int, int> _ledger = want => want;

    public RateAskerTests()
    {
        _asker = new RateAsker("carrier-a", () => _wanted, AskAsync, tokens => _granted.Writer.TryWrite(tokens), _time, NullLogger.Instance);
        _running = _asker.RunAsync(_stopping.Token);
    }

    [Fact]
    public async Task It_asks_when_tokens_are_missed_and_again_after_each_interval_while_there_is_demand()
    {
        _wanted = (7, true);
        _asker.Wake();
        Assert.Equal((7, 7), await RoundAsync());
        _wanted = (9, true);
        Assert.Equal((9, 9), await NextRoundAsync(GrantedRate.AskInterval));
        _wanted = (0, false);
        Assert.Equal((0, 0), await NextRoundAsync(GrantedRate.AskInterval)); // gives its share up
        await Eventually.TrueAsync(() => _time.ActiveTimers == 1, "only the shortest gap is waited for");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_asked.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_wish_that_has_ended_is_told_once_so_that_the_other_nodes_get_its_share_at_once()
    {
        _wanted = (7, true);
        _asker.Wake();
        await RoundAsync();
        _wanted = (0, true);
        Assert.Equal((0, 0), await NextRoundAsync(GrantedRate.AskInterval));
        await _time.TimersAsync(2);
        _time.Advance(GrantedRate.AskInterval);
        Assert.False(_asked.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Two_questions_are_never_closer_than_the_shortest_gap()
    {
        _wanted = (1, true);
        _asker.Wake();
        await RoundAsync();
        await _time.TimersAsync(2);
        _asker.Wake();
        _time.Advance(RateAsker.ShortestGap - TimeSpan.FromMilliseconds(1));
        Assert.False(_asked.Reader.TryRead(out _));
        Assert.Equal((1, 1), await NextRoundAsync(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task What_is_held_already_is_not_asked_for_but_it_looks_again()
    {
        _wanted = (0, true);
        _asker.Wake();
        await _time.TimersAsync(2);
        Assert.False(_asked.Reader.TryRead(out _));
        _wanted = (3, true);
        Assert.Equal((3, 3), await NextRoundAsync(GrantedRate.AskInterval));
    }

    [Fact]
    public async Task No_answer_of_the_ledger_is_no_grant_and_it_asks_on()
    {
        _wanted = (5, true);
        _ledger = _ => throw new InvalidOperationException("away");
        _asker.Wake();
        Assert.Equal((5, 0), await RoundAsync());
        _ledger = _ => 4;
        Assert.Equal((5, 4), await NextRoundAsync(GrantedRate.AskInterval));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(Eventually.DefaultTimeout);
        _asker.Dispose();
        _stopping.Dispose();
    }

    // The timer of the interval and the wait of the gap are both set when a round is over.
    private async Task<(int Asked, int Granted)> NextRoundAsync(TimeSpan later)
    {
        await _time.TimersAsync(2);
        _time.Advance(later);
        return await RoundAsync();
    }

    private async Task<(int Asked, int Granted)> RoundAsync() => (
        await _asked.Reader.ReadAsync().AsTask().WaitAsync(Eventually.DefaultTimeout),
        await _granted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.DefaultTimeout));

    private Task<int> AskAsync(int want, CancellationToken cancellation)
    {
        Assert.True(_asked.Writer.TryWrite(want));
        return Task.FromResult(_ledger(want));
    }
}
