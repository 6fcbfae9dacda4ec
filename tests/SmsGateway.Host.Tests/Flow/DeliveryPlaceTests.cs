using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Flow;

public sealed class DeliveryPlaceTests : IDisposable
{
    private readonly NodeUnderTest _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_bind_here_comes_before_a_bind_elsewhere()
    {
        var lane = Open("acme", Protocol.Smpp);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["acme"]));

        Assert.Equal(new DeliveryPlace(lane), Place(_node.Receipt("acme", Protocol.Smpp)));
    }

    [Fact]
    public void A_receipt_of_an_SMPP_message_goes_to_a_bind_elsewhere_before_it_falls_back_to_the_callback_here()
    {
        var callback = Open("demo", Protocol.Http);
        var receipt = _node.Receipt("demo", Protocol.Smpp);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["demo"]));
        Assert.Equal(new DeliveryPlace(null, IsElsewhere: true, "demo"), Place(receipt));

        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2));
        Assert.Equal(DeliveryPlace.Nowhere, Place(receipt));
        _node.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(new DeliveryPlace(callback), Place(receipt));
    }

    [Fact]
    public void A_receipt_of_an_HTTP_message_stays_with_the_callback_although_the_account_is_bound_elsewhere()
    {
        var callback = Open("demo", Protocol.Http);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["demo"]));

        Assert.Equal(new DeliveryPlace(callback), Place(_node.Receipt("demo", Protocol.Http)));
    }

    [Fact]
    public void Without_a_callback_URL_a_receipt_of_an_HTTP_message_goes_to_a_bind_elsewhere_at_once()
    {
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["acme"]));

        Assert.Equal(new DeliveryPlace(null, IsElsewhere: true, "acme"), Place(_node.Receipt("acme", Protocol.Http)));
    }

    [Fact]
    public void What_nobody_reaches_stays_where_it_is()
    {
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["demo"]));
        _node.Deliveries.Offer([_node.Receipt("acme", Protocol.Smpp)]);

        Assert.Equal(0, _node.DeliveriesInMemory.Count);
        Assert.False(_node.Leaving.Deliveries.TryRead(out _));
    }

    [Fact]
    public void A_node_that_is_not_hot_gives_deliveries_to_one_that_reaches_the_account_or_else_to_any()
    {
        Open("acme", Protocol.Smpp);
        Open("demo", Protocol.Http);
        _node.Read(NodeMode.Draining, NodeUnderTest.Peer(2, accounts: ["acme"]));

        Assert.Equal(new DeliveryPlace(null, IsElsewhere: true, "acme"), Place(_node.Receipt("acme", Protocol.Smpp)));
        Assert.Equal(new DeliveryPlace(null, IsElsewhere: true), Place(_node.Receipt("demo", Protocol.Http)));
        _node.Read(NodeMode.Draining);
        Assert.Equal(DeliveryPlace.Nowhere, Place(_node.Receipt("acme", Protocol.Smpp)));
    }

    [Fact]
    public void What_leaves_is_due_at_once_and_held_in_memory_until_it_is_handed_over()
    {
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["acme"]));
        var receipt = _node.Receipt("acme", Protocol.Smpp, offers: 3) with { DueAt = _node.Time.GetUtcNow() + TimeSpan.FromSeconds(5) };

        _node.Deliveries.Offer([receipt]);

        Assert.True(_node.Leaving.Deliveries.TryRead(out var leaving));
        Assert.Equal(new LeavingDelivery(new DeliveryRetry(receipt.Id, _node.Time.GetUtcNow(), 3), "acme"), leaving);
        Assert.True(_node.DeliveriesInMemory.Contains(receipt.Id));
    }

    [Fact]
    public void Every_second_unanswered_offer_goes_on_to_another_node_although_a_bind_here_is_open()
    {
        var lane = Open("acme", Protocol.Smpp);
        _node.Read(NodeMode.Hot, NodeUnderTest.Peer(2, accounts: ["acme"]));

        _node.Deliveries.Return(_node.Receipt("acme", Protocol.Smpp));
        Assert.Equal(1, lane.Reader.Count);
        Assert.False(_node.Leaving.Deliveries.TryRead(out _));

        _node.Deliveries.Return(_node.Receipt("acme", Protocol.Smpp, offers: 1));
        Assert.True(_node.Leaving.Deliveries.TryRead(out var leaving));
        Assert.Equal(2, leaving.Row.Offers);
    }

    [Fact]
    public void What_is_read_from_a_lane_without_a_valid_lease_goes_back_to_the_ledger()
    {
        var lane = Open("acme", Protocol.Smpp);
        _node.Deliveries.Offer([_node.Receipt("acme", Protocol.Smpp), _node.Receipt("acme", Protocol.Smpp)]);
        Assert.Equal((2, 2), (lane.Reader.Count, _node.DeliveriesInMemory.Count));

        Assert.False(lane.Reader.TryRead(out _));

        Assert.Equal((0, 0), (lane.Reader.Count, _node.DeliveriesInMemory.Count));
    }

    [Fact]
    public void A_stopping_node_still_claims_and_one_that_left_mode_hot_does_for_a_moment()
    {
        _node.Read(NodeMode.Hot);
        _node.Draining.Begin();
        Assert.Equal((false, true, "stopping"), (_node.Stance.Accepts, _node.Stance.Claims, _node.Stance.Word));

        _node.Read(NodeMode.Standby);
        _node.Time.Advance(_node.Options.Value.ClaimGrace - TimeSpan.FromMilliseconds(1));
        Assert.True(_node.Stance.Claims);
        _node.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_node.Stance.Claims);
    }

    [Fact]
    public void A_node_that_starts_in_standby_claims_nothing()
    {
        _node.Read(NodeMode.Standby);

        Assert.False(_node.Stance.Claims);
        Assert.Equal("standby", _node.Stance.Word);
    }

    private DeliveryLane Open(string account, Protocol protocol)
    {
        var lane = _node.Deliveries.LaneOf(account, protocol);
        lane.Open = true;
        return lane;
    }

    private DeliveryPlace Place(Delivery delivery) => _node.Deliveries.PlaceOf(delivery, _node.Time.GetUtcNow());
}
