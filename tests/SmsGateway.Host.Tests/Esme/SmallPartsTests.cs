using System.Net;
using SmsGateway.Host.Esme;
using SmsGateway.Host.Operations;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class SmallPartsTests
{
    [Fact]
    public void A_log_gate_passes_one_line_a_second_and_counts_the_rest()
    {
        var time = new ManualTimeProvider();
        var gate = new LogGate(time);

        Assert.True(gate.TryPass(out var more));
        Assert.Equal(0, more);
        Assert.False(gate.TryPass(out _));
        Assert.False(gate.TryPass(out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.TryPass(out more));
        Assert.Equal(2, more);
    }

    [Fact]
    public async Task A_count_takes_no_more_than_its_limit_and_tells_when_none_is_left()
    {
        var time = new ManualTimeProvider();
        var count = new InFlightCount();
        Assert.True(await count.WhenNoneAsync(TimeSpan.Zero, time));
        Assert.True(count.TryEnter(2));
        Assert.True(count.TryEnter(2));
        Assert.False(count.TryEnter(2));

        var none = count.WhenNoneAsync(TimeSpan.FromSeconds(5), time);
        count.Exit();
        Assert.False(none.IsCompleted);
        count.Exit();
        Assert.True(await none);
    }

    [Fact]
    public async Task A_count_that_is_not_empty_in_time_says_so()
    {
        var time = new ManualTimeProvider();
        var count = new InFlightCount();
        count.TryEnter(1);
        var none = count.WhenNoneAsync(TimeSpan.FromSeconds(5), time);
        await time.TimersAsync(1);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await none);
    }

    [Fact]
    public void Places_of_unbound_peers_are_per_address_and_given_back_once()
    {
        var peers = new UnboundPeers(1);
        var one = peers.TryEnter(IPAddress.Loopback)!;
        Assert.Null(peers.TryEnter(IPAddress.Loopback));
        Assert.NotNull(peers.TryEnter(IPAddress.IPv6Loopback));
        one.Dispose();
        one.Dispose();
        Assert.NotNull(peers.TryEnter(IPAddress.Loopback));
        Assert.Null(peers.TryEnter(IPAddress.Loopback));
    }
}
