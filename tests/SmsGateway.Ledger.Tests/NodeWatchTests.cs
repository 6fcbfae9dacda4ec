using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class NodeWatchTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly NodeWatch _watch;

    public NodeWatchTests() => _watch = new NodeWatch(_time, new LedgerOptions());

    [Fact]
    public void A_node_seen_unchanged_for_12_s_is_dead_and_not_earlier()
    {
        Assert.Equal(TimeSpan.Zero, Observe(Node(1, 5, 7)));
        for (var second = 1; second <= 11; second++)
        {
            Assert.False(_watch.IsDead(AfterASecond(Node(1, 5, 7))));
        }

        Assert.True(_watch.IsDead(AfterASecond(Node(1, 5, 7))));
    }

    [Fact]
    public void A_renewal_or_a_new_epoch_starts_the_count_again()
    {
        Observe(Node(1, 5, 7));
        AfterASecond(Node(1, 5, 7));
        Assert.Equal(TimeSpan.Zero, AfterASecond(Node(1, 5, 8)));
        Assert.Equal(TimeSpan.FromSeconds(1), AfterASecond(Node(1, 5, 8)));
        Assert.Equal(TimeSpan.Zero, AfterASecond(Node(1, 6, 8)));
        Assert.Equal(TimeSpan.FromSeconds(1), AfterASecond(Node(1, 6, 8)));
    }

    [Fact]
    public void A_ledger_that_answers_every_two_seconds_answers_throughout()
    {
        Observe(Node(1, 5, 7));
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(NodeWatch.LongestGap);
            Observe(Node(1, 5, 7));
        }

        _time.Advance(NodeWatch.LongestGap);
        Assert.True(_watch.IsDead(Observe(Node(1, 5, 7))));
    }

    [Fact]
    public void A_longer_gap_in_its_answers_starts_the_count_of_everyone_again()
    {
        _watch.Observe([Node(1, 5, 7), Node(2, 1, 1)]);
        for (var second = 1; second <= 11; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _watch.Observe([Node(1, 5, 7), Node(2, 1, 1)]);
        }

        _time.Advance(NodeWatch.LongestGap + TimeSpan.FromTicks(1));
        var unchanged = _watch.Observe([Node(1, 5, 7), Node(2, 1, 1)]);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], unchanged.Values);
    }

    [Fact]
    public void A_wall_clock_that_jumps_kills_nobody()
    {
        Observe(Node(1, 5, 7));
        _time.StepWallClock(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromSeconds(1), AfterASecond(Node(1, 5, 7)));
    }

    [Fact]
    public void A_node_without_a_lease_is_not_judged_and_starts_anew_with_its_next()
    {
        Observe(Node(1, 5, 7));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_watch.Observe([Node(1, 5, 7) with { Live = false }]));
        Assert.Equal(TimeSpan.Zero, AfterASecond(Node(1, 5, 7)));
    }

    private static NodeStanding Node(short id, long epoch, long counter) =>
        new() { Id = id, Name = "n" + id, Site = "dc3", Live = true, Epoch = epoch, Counter = counter, StartedAt = default };

    private TimeSpan Observe(NodeStanding node) => _watch.Observe([node])[node.Id];

    private TimeSpan AfterASecond(NodeStanding node)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return Observe(node);
    }
}
