using SmsGateway.Host.Esme;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class DeliveryAnswerTests
{
    [Theory]
    [InlineData(0x14, 0, 1)]
    [InlineData(0x58, 1, 2)]
    [InlineData(0x64, 3, 8)]
    [InlineData(0x08, 100, 60)]
    [Trait("row", "push-temporary")]
    public async Task A_temporary_error_is_tried_again_with_back_off(uint status, short offers, int seconds)
    {
        var time = new ManualTimeProvider();
        var delivery = Deliveries.Receipt() with { Offers = offers };

        var told = await AnsweredAsync(delivery, new DeliverSmResp { Status = (CommandStatus)status }, time);

        Assert.Equal(("retry", (DateTimeOffset?)time.GetUtcNow().AddSeconds(seconds), $"deliver_sm_resp 0x{status:X}"), (told.What, told.Due, told.Reason));
    }

    [Theory]
    [InlineData(0x65)]
    [InlineData(0x66)]
    [Trait("row", "push-permanent")]
    public async Task A_permanent_error_is_parked(uint status) =>
        Assert.Equal("parked", (await AnsweredAsync(Deliveries.Receipt(), new DeliverSmResp { Status = (CommandStatus)status })).What);

    [Theory]
    [InlineData(0, "retry")]
    [InlineData(8, "retry")]
    [InlineData(9, "parked")]
    [Trait("row", "push-other")]
    public async Task Any_other_error_is_parked_at_the_tenth_offer(short offers, string what)
    {
        var delivery = Deliveries.Receipt() with { Offers = offers };
        Assert.Equal(what, (await AnsweredAsync(delivery, new DeliverSmResp { Status = ProfileTable.Status("push-other") })).What);
        Assert.Equal(what, (await AnsweredAsync(delivery, new GenericNack { Status = CommandStatus.InvalidCommandId })).What);
    }

    [Fact]
    [Trait("row", "push-silent")]
    [Trait("row", "push-late")]
    public async Task An_unanswered_delivery_goes_to_another_bind_and_a_late_answer_still_ends_it()
    {
        var time = new ManualTimeProvider();
        await using var bench = await EsmeBench.StartAsync(time: time);
        await using var silent = await bench.BoundAsync();
        bench.Deliver(Deliveries.Receipt());
        var first = await silent.ReceiveAsync<DeliverSm>();
        await using var other = await bench.BoundAsync();

        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("returned", (await bench.EventAsync()).What);
        var second = await NextDeliverAsync(other);
        Assert.Equal(DeliveryIdOf(first), DeliveryIdOf(second));

        await silent.SendAsync(new DeliverSmResp { Status = ProfileTable.Status("push-late") }, first.Sequence);
        Assert.Equal(("acknowledged", "acme@node1#1"), await WhatAsync(bench));
        await other.SendAsync(new DeliverSmResp(), second.Sequence);
        Assert.Equal(("acknowledged", "acme@node1#2"), await WhatAsync(bench));
    }

    [Fact]
    [Trait("row", "push-silent")]
    public async Task Without_another_bind_an_unanswered_delivery_waits_and_keeps_its_place_in_the_window()
    {
        var time = new ManualTimeProvider();
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { Window = 1 } }, time: time);
        await using var client = await bench.BoundAsync();
        bench.Deliver(Deliveries.Receipt(), Deliveries.Receipt());
        var first = await client.ReceiveAsync<DeliverSm>();

        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(("retry", "acme@node1#1"), await WhatAsync(bench));
        await client.ReceiveAsync<EnquireLink>();
        await client.NothingElseComesAsync();
        await client.SendAsync(new DeliverSmResp { Status = CommandStatus.ReceiverReject }, first.Sequence); // late, and no answer to go by
        await client.ReceiveAsync<DeliverSm>();
    }

    [Fact]
    [Trait("row", "push-lost")]
    public async Task What_a_lost_bind_did_not_answer_goes_to_another_one()
    {
        await using var bench = await EsmeBench.StartAsync();
        Delivery[] both = [Deliveries.Receipt(), Deliveries.Receipt()];
        await using var staying = await bench.ConnectAsync();
        await using (var leaving = await bench.BoundAsync())
        {
            bench.Deliver(both);
            await leaving.ReceiveAsync<DeliverSm>();
            await leaving.ReceiveAsync<DeliverSm>();
            await staying.BindAsync(BindType.Receiver);
        }

        Assert.Equal("returned", (await bench.EventAsync()).What);
        Assert.Equal("returned", (await bench.EventAsync()).What);
        var again = new[] { await staying.ReceiveAsync<DeliverSm>(), await staying.ReceiveAsync<DeliverSm>() };
        Assert.Equal(both.Select(delivery => delivery.Id.ToString("N")).Order(), again.Select(DeliveryIdOf).Order());
    }

    [Fact]
    public void Back_off_doubles_from_one_second_to_a_minute() =>
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(offers => (int)DeliveryAnswer.Delay(offers).TotalSeconds));

    private static async Task<DeliveryEvent> AnsweredAsync(Delivery delivery, Pdu answer, TimeProvider? time = null)
    {
        await using var bench = await EsmeBench.StartAsync(time: time);
        await using var client = await bench.BoundAsync();
        bench.Deliver(delivery);
        await client.SendAsync(answer, (await client.ReceiveAsync<DeliverSm>()).Sequence);
        return await bench.EventAsync();
    }

    // The clock that made the answer late also asks silent clients for life.
    private static async Task<DeliverSm> NextDeliverAsync(WireClient client)
    {
        while (true)
        {
            switch (await client.ReceiveAsync())
            {
                case DeliverSm deliver:
                    return deliver;
                case var other:
                    Assert.IsType<EnquireLink>(other);
                    break;
            }
        }
    }

    private static async Task<(string What, string? Bind)> WhatAsync(EsmeBench bench)
    {
        var told = await bench.EventAsync();
        return (told.What, told.Bind);
    }

    private static string DeliveryIdOf(DeliverSm pdu)
    {
        Assert.True(pdu.Tlvs.TryGetCString(TlvTag.DeliveryId, out var id));
        return id;
    }
}
