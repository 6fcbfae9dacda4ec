using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Flow;

public sealed class SegmentLanesTests
{
    [Fact]
    public void An_interactive_segment_overtakes_ten_thousand_bulk_ones()
    {
        var lanes = new SegmentLanes(20_000);
        for (var i = 0; i < 10_000; i++)
        {
            lanes.TryEnqueue(Segments.Make(i));
        }

        lanes.TryEnqueue(Segments.Make(99_999, Priority.Interactive));

        var taken = new List<QueuedSegment>();
        lanes.TakeInto(taken, 2);
        Assert.Equal([99_999, 0], taken.Select(s => (int)s.Seq));
    }

    [Fact]
    public void A_full_lane_refuses_and_says_that_the_ledger_holds_more()
    {
        var lanes = new SegmentLanes(2);
        Assert.True(lanes.TryEnqueue(Segments.Make(1)));
        Assert.True(lanes.TryEnqueue(Segments.Make(2)));

        Assert.False(lanes.TryEnqueue(Segments.Make(3)));
        Assert.True(lanes.IsSpilled((int)Priority.Bulk));
    }

    [Fact]
    public void A_spilled_lane_takes_nothing_past_the_ledger_until_it_is_read_empty()
    {
        var lanes = new SegmentLanes(1);
        lanes.TryEnqueue(Segments.Make(1));
        lanes.TryEnqueue(Segments.Make(2));
        lanes.TakeInto([], 1);

        Assert.False(lanes.TryEnqueue(Segments.Make(3)));
        Assert.False(lanes.IsEmpty);
        Assert.True(lanes.TryEnqueue(Segments.Make(2), fromLedger: true));
        lanes.TakeInto([], 1);
        lanes.Unspill((int)Priority.Bulk);
        Assert.True(lanes.IsEmpty);
        Assert.True(lanes.TryEnqueue(Segments.Make(3)));
    }

    [Fact]
    public void One_full_lane_leaves_the_other_priorities_open()
    {
        var lanes = new SegmentLanes(1);
        lanes.TryEnqueue(Segments.Make(1));

        Assert.False(lanes.TryEnqueue(Segments.Make(2)));
        Assert.True(lanes.TryEnqueue(Segments.Make(3, Priority.Interactive)));
    }

    [Fact]
    public void The_connector_is_told_of_each_arrival()
    {
        var lanes = new SegmentLanes(10);
        var told = 0;
        lanes.Arrived = () => told++;

        lanes.TryEnqueue(Segments.Make(1));
        lanes.TryEnqueue(Segments.Make(2));

        Assert.Equal(2, told);
    }

    [Fact]
    public void What_came_from_another_node_goes_before_what_waits_here_and_has_room_of_its_own()
    {
        var lanes = new SegmentLanes(2);
        lanes.TryEnqueue(Segments.Make(1));
        lanes.TryEnqueue(Segments.Make(2));
        Assert.False(lanes.TryEnqueue(Segments.Make(3)));

        Assert.True(lanes.TryEnqueue(Segments.Make(-2)));
        Assert.True(lanes.TryEnqueue(Segments.Make(-1)));
        Assert.False(lanes.TryEnqueue(Segments.Make(-3)));

        Assert.Equal((4, 2, 2), (lanes.Count, lanes.CountOf((int)Priority.Bulk), lanes.MovedOf((int)Priority.Bulk)));
        var taken = new List<QueuedSegment>();
        lanes.TakeInto(taken, 10);
        Assert.Equal([-2, -1, 1, 2], taken.Select(s => (int)s.Seq));
    }
}
