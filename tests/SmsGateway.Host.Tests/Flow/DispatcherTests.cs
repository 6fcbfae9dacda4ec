using SmsGateway.Host.Flow;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class DispatcherTests : IDisposable
{
    private readonly NodeUnderTest _node = new();
    private readonly ManualTimeProvider _time;
    private readonly ConnectorLinks _links;
    private readonly QueueDepths _depths;
    private readonly SegmentsInMemory _memory;
    private readonly Dispatcher _dispatcher;

    public DispatcherTests()
    {
        (_time, _links, _depths, _memory, _dispatcher) = (_node.Time, _node.Links, _node.Depths, _node.Memory, _node.Dispatcher);
        _links.Get("carrier-a").SetLive(true);
        _links.Get("carrier-b").SetLive(true);
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void The_first_live_connector_of_the_route_takes_the_segment()
    {
        _dispatcher.Dispatch(Segments.Make());

        Assert.Equal(1, _links.Get("carrier-a").Lanes.Count);
        Assert.Equal(1, _depths.OfAccount("demo"));
    }

    [Fact]
    public void A_connector_that_just_died_keeps_its_segments_and_then_the_next_one_takes_over()
    {
        var dead = _links.Get("carrier-a");
        _dispatcher.Dispatch(Segments.Make(1));
        dead.SetLive(false);

        _time.Advance(TimeSpan.FromSeconds(2));
        _dispatcher.Redistribute(dead);
        _dispatcher.Dispatch(Segments.Make(2));
        Assert.Equal(2, dead.Lanes.Count);

        _time.Advance(TimeSpan.FromSeconds(2));
        _dispatcher.Redistribute(dead);
        _dispatcher.Dispatch(Segments.Make(3));
        Assert.Equal(0, dead.Lanes.Count);
        Assert.Equal(3, _links.Get("carrier-b").Lanes.Count);
    }

    [Fact]
    public void A_message_that_has_begun_at_a_connector_stays_there_even_when_it_is_dead()
    {
        _links.Get("carrier-a").SetLive(false);
        _time.Advance(TimeSpan.FromMinutes(1));

        _dispatcher.Dispatch(Segments.Make(parts: 3, pinned: "carrier-a"));

        Assert.Equal(1, _links.Get("carrier-a").Lanes.Count);
    }

    [Fact]
    public void Parts_whose_siblings_may_have_been_tried_go_back_to_the_ledger_when_their_connector_dies()
    {
        var dead = _links.Get("carrier-a");
        _dispatcher.Dispatch(Segments.Make(parts: 2));
        dead.SetLive(false);
        _time.Advance(TimeSpan.FromMinutes(1));

        _dispatcher.Redistribute(dead);

        Assert.Equal(0, dead.Lanes.Count + _links.Get("carrier-b").Lanes.Count);
        Assert.Equal(0, _memory.Count);
    }

    [Fact]
    public void The_same_segment_is_never_twice_in_memory()
    {
        Assert.True(_dispatcher.Dispatch(Segments.Make(1)));
        Assert.False(_dispatcher.Dispatch(Segments.Make(1)));

        Assert.Equal(1, _links.Get("carrier-a").Lanes.Count);
    }

    [Fact]
    public void With_every_connector_dead_segments_wait_at_home()
    {
        _links.Get("carrier-a").SetLive(false);
        _links.Get("carrier-b").SetLive(false);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(_dispatcher.Dispatch(Segments.Make()));
        _dispatcher.Redistribute(_links.Get("carrier-a"));

        Assert.Equal(1, _links.Get("carrier-a").Lanes.Count);
    }
}
