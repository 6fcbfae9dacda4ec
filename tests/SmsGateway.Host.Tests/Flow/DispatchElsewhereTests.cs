using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Flow;

public sealed class DispatchElsewhereTests : IDisposable
{
    private readonly NodeUnderTest _node = new();

    public DispatchElsewhereTests()
    {
        _node.Links.Get("carrier-a");
        _node.Links.Get("carrier-b").SetLive(true);
        _node.Time.Advance(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void The_order_of_the_route_decides_and_not_the_node()
    {
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a"]));

        Assert.False(_node.Dispatcher.Dispatch(Segments.Make()));

        Assert.Equal("carrier-a", Assert.Single(_node.LeavingSegments()).Connector);
        Assert.Equal(0, _node.Memory.Count);
        Assert.Equal(0, _node.Links.Get("carrier-b").Lanes.Count);
    }

    [Fact]
    public void What_is_live_here_stays_here_although_it_is_live_elsewhere_too()
    {
        _node.Links.Get("carrier-a").SetLive(true);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a", "carrier-b"]));

        Assert.True(_node.Dispatcher.Dispatch(Segments.Make()));

        Assert.Empty(_node.LeavingSegments());
    }

    [Fact]
    public void A_connector_that_died_here_a_moment_ago_is_waited_for_unless_another_node_reaches_it()
    {
        var dead = _node.Links.Get("carrier-a");
        dead.SetLive(true);
        dead.SetLive(false);

        Assert.Same(dead, _node.Dispatcher.PlaceOf(["carrier-a", "carrier-b"], null).Here);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a"]));
        Assert.Equal("carrier-a", _node.Dispatcher.PlaceOf(["carrier-a", "carrier-b"], null).Elsewhere);
    }

    [Fact]
    public void What_waits_for_a_dead_connector_goes_to_the_node_that_reaches_it_and_leaves_memory()
    {
        var dead = _node.Links.Get("carrier-a");
        dead.SetLive(true);
        _node.Dispatcher.Dispatch(Segments.Make(1));
        _node.Dispatcher.Dispatch(Segments.Make(2, pinned: "carrier-a", parts: 3));
        dead.SetLive(false);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a"]));

        _node.Dispatcher.Redistribute(dead);

        Assert.Equal(["carrier-a", "carrier-a"], _node.LeavingSegments().Select(leaving => leaving.Connector));
        Assert.Equal((0, 0), (_node.Memory.Count, dead.Lanes.Count));
    }

    [Fact]
    public void A_message_that_has_begun_goes_only_where_its_connector_is()
    {
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-c"]));

        var place = _node.Dispatcher.PlaceOf(["carrier-a", "carrier-b"], "carrier-a");

        Assert.Same(_node.Links.Get("carrier-a"), place.Here);
    }

    [Fact]
    public void With_nobody_reaching_any_connector_a_segment_waits_at_home()
    {
        _node.Links.Get("carrier-b").SetLive(false);
        _node.Time.Advance(TimeSpan.FromMinutes(1));
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2));

        Assert.Same(_node.Links.Get("carrier-a"), _node.Dispatcher.PlaceOf(["carrier-a", "carrier-b"], null).Here);
    }

    [Theory]
    [InlineData(NodeMode.Standby)]
    [InlineData(NodeMode.Draining)]
    [InlineData(NodeMode.Down)]
    public void A_node_that_is_not_hot_gives_everything_to_one_that_reaches_it_or_else_to_any(NodeMode mode)
    {
        _node.Links.Get("carrier-a").SetLive(true);
        _node.Read(mode, NodeUnderTest.Peer(2, carriers: ["carrier-b"]));

        Assert.Equal(new SegmentPlace(null, "carrier-b"), _node.Dispatcher.PlaceOf(["carrier-a", "carrier-b"], null));
        Assert.Equal(new SegmentPlace(null, null), _node.Dispatcher.PlaceOf(["carrier-a"], null));
    }

    [Fact]
    public void A_stopping_node_gives_everything_away_and_keeps_it_when_it_is_alone()
    {
        _node.Links.Get("carrier-a").SetLive(true);
        _node.Draining.Begin();
        Assert.NotNull(_node.Dispatcher.PlaceOf(["carrier-a"], null).Here);

        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a"]));
        Assert.Equal(new SegmentPlace(null, "carrier-a"), _node.Dispatcher.PlaceOf(["carrier-a"], null));
    }

    [Fact]
    public void Parts_cut_by_a_client_take_the_first_connector_that_is_live_at_any_node()
    {
        Assert.Equal("carrier-b", _node.Dispatcher.ForParts(["carrier-a", "carrier-b"]));
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, carriers: ["carrier-a"]));
        Assert.Equal("carrier-a", _node.Dispatcher.ForParts(["carrier-a", "carrier-b"]));
        _node.Read(NodeMode.Hot);
        _node.Links.Get("carrier-b").SetLive(false);
        Assert.Equal("carrier-a", _node.Dispatcher.ForParts(["carrier-a", "carrier-b"]));
    }

    [Fact]
    public void Emptied_lanes_leave_nothing_in_memory()
    {
        _node.Links.Get("carrier-a").SetLive(true);
        _node.Dispatcher.Dispatch(Segments.Make(1));
        _node.Dispatcher.Dispatch(Segments.Make(2, Priority.Interactive));

        _node.Dispatcher.Empty();

        Assert.Equal((0, 0, 0), (_node.Memory.Count, _node.Links.Get("carrier-a").Lanes.Count, _node.Depths.OfAccount("demo")));
    }

    [Fact]
    public void A_lane_that_was_handed_on_rests_so_that_two_nodes_cannot_play_ping_pong()
    {
        var rest = new HandOverRest(TimeSpan.FromSeconds(2), _node.Time);
        Assert.False(rest.IsResting("a 1"));

        rest.Given("a 1", 5, wasAll: true);
        _node.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(rest.IsResting("a 1"));
        Assert.False(rest.IsResting("a 2"));

        _node.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(rest.IsResting("a 1"));
    }

    [Fact]
    public void A_backlog_goes_on_without_a_rest_until_its_portion_is_through()
    {
        var rest = new HandOverRest(TimeSpan.FromSeconds(2), _node.Time);
        for (var i = 0; i < 4; i++)
        {
            rest.Given("a 1", 5_000, wasAll: false);
            Assert.False(rest.IsResting("a 1"));
        }

        rest.Given("a 1", 5_000, wasAll: false);
        Assert.True(rest.IsResting("a 1"));
    }
}
