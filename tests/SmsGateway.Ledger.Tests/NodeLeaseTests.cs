using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class NodeLeaseTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly NodeLease _lease;

    public NodeLeaseTests() => _lease = new NodeLease(_time, new LedgerOptions());

    [Fact]
    public void Nothing_may_be_emitted_before_the_first_epoch()
    {
        Assert.False(_lease.IsValid);
        Assert.False(_lease.MayEmit(0));
        Assert.Equal((0, null), (_lease.Epoch, _lease.Age));
    }

    [Fact]
    public void It_holds_for_8_s_from_the_sending_and_not_from_the_answer()
    {
        var sent = _lease.Moment();
        _time.Advance(Seconds(3));
        _lease.Begin(1, sent);
        _time.Advance(Seconds(5) - TimeSpan.FromTicks(1));
        Assert.True(_lease.IsValid);
        Assert.True(_lease.MayEmit(1));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_lease.IsValid);
        Assert.False(_lease.MayEmit(1));
        Assert.Equal(Seconds(8), _lease.Age);
    }

    [Fact]
    public void Only_the_epoch_it_is_for_may_be_emitted()
    {
        _lease.Begin(4, _lease.Moment());
        Assert.True(_lease.MayEmit(4));
        Assert.False(_lease.MayEmit(3));
        Assert.False(_lease.MayEmit(5));
        _lease.Begin(6, _lease.Moment());
        Assert.False(_lease.MayEmit(4));
        Assert.True(_lease.MayEmit(6));
    }

    [Fact]
    public void A_renewal_counts_from_when_it_was_sent()
    {
        _lease.Begin(1, _lease.Moment());
        _time.Advance(Seconds(2));
        var sent = _lease.Moment();
        _time.Advance(Seconds(5));
        Assert.True(_lease.Renew(1, sent));
        _time.Advance(Seconds(3) - TimeSpan.FromTicks(1));
        Assert.True(_lease.IsValid);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void An_answer_that_comes_too_late_revives_nothing()
    {
        _lease.Begin(1, _lease.Moment());
        _time.Advance(Seconds(7));
        var sent = _lease.Moment();
        _time.Advance(Seconds(1));
        Assert.False(_lease.Renew(1, sent));
        Assert.False(_lease.IsValid);
        _lease.Begin(2, _lease.Moment());
        Assert.True(_lease.IsValid);
    }

    [Fact]
    public void The_answer_to_a_renewal_of_an_older_epoch_does_nothing_to_the_present_one()
    {
        _lease.Begin(2, _lease.Moment());
        Assert.False(_lease.Renew(1, _lease.Moment()));
        _lease.End(1);
        Assert.True(_lease.MayEmit(2));
    }

    [Fact]
    public void A_wall_clock_that_jumps_ahead_ends_it_for_good()
    {
        _lease.Begin(1, _lease.Moment());
        _time.StepWallClock(Seconds(8));
        Assert.False(_lease.IsValid);
        _time.StepWallClock(Seconds(-8));
        Assert.False(_lease.IsValid);
        Assert.False(_lease.Renew(1, _lease.Moment()));
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_does_not_lengthen_it()
    {
        _lease.Begin(1, _lease.Moment());
        _time.StepWallClock(TimeSpan.FromHours(-1));
        _time.Advance(Seconds(8) - TimeSpan.FromTicks(1));
        Assert.True(_lease.IsValid);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_lease.IsValid);
    }

    [Fact]
    public void Once_given_up_no_answer_brings_it_back()
    {
        _lease.Begin(1, _lease.Moment());
        var sent = _lease.Moment();
        _lease.End(1);
        Assert.False(_lease.IsValid);
        Assert.False(_lease.Renew(1, sent));
        Assert.False(_lease.MayEmit(1));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
