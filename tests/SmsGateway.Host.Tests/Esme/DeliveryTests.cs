using System.Text;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class DeliveryTests
{
    [Fact]
    [Trait("row", "receipt")]
    public async Task A_receipt_carries_the_carriers_text_and_our_ids()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var delivery = Deliveries.Receipt() with
        {
            ClientMessageId = "order-4711",
            AppId = "app",
            ConversationId = "übung",
            ResultCode = 1,
            State = ReceiptState.Undeliverable,
            Body = Convert.FromHexString("69643A00FF1B"),
            DataCoding = 3,
            EsmClass = 0x84,
        };

        bench.Deliver(delivery);

        var pdu = await client.ReceiveAsync<DeliverSm>();
        Assert.Equal((0x84, 3, "69643A00FF1B"), (pdu.EsmClass, pdu.DataCoding, Convert.ToHexString(pdu.ShortMessage.Span)));
        Assert.Equal((EsmeBench.Handset, EsmeBench.Sender), (pdu.SourceAddr, pdu.DestinationAddr));
        Assert.Equal((0, 0, 0, 0, "", "", ""), (pdu.SourceAddrTon, pdu.SourceAddrNpi, pdu.DestAddrTon, pdu.DestAddrNpi, pdu.ServiceType, pdu.ScheduleDeliveryTime, pdu.ValidityPeriod));
        Assert.Equal(
            [
                "001E " + Hex(delivery.MessageId + "\0"), "0427 05", "1402 " + Hex("order-4711\0"), "1403 " + Hex("app\0"),
                "1404 " + Hex("übung\0"), "1405 01", "1406 " + Hex(delivery.Id.ToString("N") + "\0"),
            ],
            pdu.Tlvs.Select(tlv => $"{tlv.Tag:X4} {Convert.ToHexString(tlv.Value.Span)}"));

        await client.SendAsync(new DeliverSmResp { Status = ProfileTable.Status("receipt") }, pdu.Sequence);
        Assert.Equal(new DeliveryEvent("acknowledged", delivery, "acme@node1#1"), await bench.EventAsync());
    }

    [Fact]
    [Trait("row", "receipt-derived")]
    public async Task A_receipt_of_the_gateway_itself_has_the_text_of_the_specification_with_our_id()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var delivery = Deliveries.Receipt() with { State = ReceiptState.Expired, Body = null, EsmClass = 0x40, DataCoding = 8 };

        bench.Deliver(delivery);

        var pdu = await client.ReceiveAsync<DeliverSm>();
        Assert.Equal((0x04, 0), (pdu.EsmClass, pdu.DataCoding));
        Assert.StartsWith(
            $"id:{delivery.MessageId} sub:001 dlvrd:000 submit date:2601021304 done date:2601021305 stat:EXPIRED err:",
            Encoding.ASCII.GetString(pdu.ShortMessage.Span), StringComparison.Ordinal);
        await AcknowledgeAsync(bench, client, pdu, "receipt-derived");
    }

    [Fact]
    [Trait("row", "receipt-long")]
    public async Task A_long_receipt_goes_into_message_payload()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var body = new byte[255];
        Random.Shared.NextBytes(body);

        bench.Deliver(Deliveries.Receipt() with { Body = body });

        var pdu = await client.ReceiveAsync<DeliverSm>();
        Assert.True(pdu.ShortMessage.IsEmpty);
        Assert.Equal(body, pdu.Payload.ToArray());
        await AcknowledgeAsync(bench, client, pdu, "receipt-long");
    }

    [Fact]
    [Trait("row", "mo")]
    public async Task An_mo_keeps_header_coding_and_octets_and_names_its_carrier()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync(BindType.Receiver);
        var delivery = Deliveries.Mo() with { EsmClass = 0x43, DataCoding = 8, Body = Convert.FromHexString("0500030102010041") };

        bench.Deliver(delivery);

        var pdu = await client.ReceiveAsync<DeliverSm>();
        Assert.Equal((0x40, 8, "0500030102010041"), (pdu.EsmClass, pdu.DataCoding, Convert.ToHexString(pdu.ShortMessage.Span)));
        Assert.Equal(
            ["1401 " + Hex("carrier-a\0"), "1406 " + Hex(delivery.Id.ToString("N") + "\0")],
            pdu.Tlvs.Select(tlv => $"{tlv.Tag:X4} {Convert.ToHexString(tlv.Value.Span)}"));
        await AcknowledgeAsync(bench, client, pdu, "mo");
    }

    [Fact]
    public async Task The_accounts_default_encoding_as_it_is_now_decides_whether_ASCII_is_named()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        bench.Configure(2, EsmeBench.Account() with { DefaultEncoding = DefaultEncoding.Utf16 });

        bench.Deliver(Deliveries.Mo(), Deliveries.Receipt() with { Body = null });

        Assert.Equal(1, (await client.ReceiveAsync<DeliverSm>()).DataCoding);
        Assert.Equal(1, (await client.ReceiveAsync<DeliverSm>()).DataCoding);
    }

    [Fact]
    [Trait("row", "push-turns")]
    public async Task Receiving_binds_take_turns_and_a_transmitter_gets_nothing()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var transmitter = await bench.BoundAsync(BindType.Transmitter);
        Assert.False(bench.Lane().Open);
        await using var receiver = await bench.BoundAsync(BindType.Receiver);
        await using var transceiver = await bench.BoundAsync();
        await receiver.NothingElseComesAsync(); // a bind takes deliveries a moment after its answer
        await transceiver.NothingElseComesAsync();
        Assert.True(bench.Lane().Open);
        Assert.Equal(["acme"], bench.Server.ReachedAccounts);

        // All four at once for the pump, which is held up by one that cannot be written.
        using var waiting = new ManualResetEventSlim();
        bench.Parking = () => waiting.Wait(Eventually.DefaultTimeout);
        bench.Deliver(Deliveries.Mo() with { Source = new string('1', 21) });
        Assert.Equal("parked", (await bench.EventAsync()).What);
        bench.Deliver(Deliveries.Receipt(), Deliveries.Receipt(), Deliveries.Receipt(), Deliveries.Receipt());
        waiting.Set();

        foreach (var client in new[] { receiver, transceiver, receiver, transceiver })
        {
            await AcknowledgeAsync(bench, client, await client.ReceiveAsync<DeliverSm>(), "push-turns");
        }

        await transmitter.NothingElseComesAsync();
    }

    [Fact]
    [Trait("row", "push-window")]
    public async Task No_more_than_the_window_is_offered_and_an_answer_makes_room()
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { Window = 2 } });
        await using var client = await bench.BoundAsync();

        bench.Deliver(Deliveries.Receipt(), Deliveries.Receipt(), Deliveries.Receipt());

        var first = await client.ReceiveAsync<DeliverSm>();
        await client.ReceiveAsync<DeliverSm>();
        await client.NothingElseComesAsync();
        await AcknowledgeAsync(bench, client, first, "push-window");
        await client.ReceiveAsync<DeliverSm>();
        await client.NothingElseComesAsync();
    }

    [Fact]
    [Trait("row", "push-unwritable")]
    public async Task A_delivery_that_cannot_be_written_is_parked_and_holds_up_nothing()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        bench.Deliver(Deliveries.Mo() with { Source = new string('1', 21) }, Deliveries.Mo());

        await AcknowledgeAsync(bench, client, await client.ReceiveAsync<DeliverSm>(), "mo", parkedFirst: true);
    }

    [Fact]
    public async Task The_lane_closes_with_the_last_receiving_bind()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using (var client = await bench.BoundAsync())
        {
            await Eventually.TrueAsync(() => bench.Lane().Open, "the lane is open"); // a moment after the answer to the bind
        }

        await Eventually.TrueAsync(() => !bench.Lane().Open, "the lane is closed");
        Assert.Empty(bench.Server.ReachedAccounts);
    }

    private static async Task AcknowledgeAsync(EsmeBench bench, WireClient client, DeliverSm pdu, string row, bool parkedFirst = false)
    {
        await client.SendAsync(new DeliverSmResp { Status = ProfileTable.Status(row) }, pdu.Sequence);
        if (parkedFirst)
        {
            Assert.Equal("parked", (await bench.EventAsync()).What);
        }

        Assert.Equal("acknowledged", (await bench.EventAsync()).What);
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
