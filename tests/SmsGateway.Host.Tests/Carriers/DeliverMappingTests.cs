using System.Buffers;
using System.Globalization;
using System.Text;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class DeliverMappingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0x04, true)]
    [InlineData(0x07, true)]
    [InlineData(0x44, true)]
    [InlineData(0x20, true)]
    [InlineData(0x00, false)]
    [InlineData(0x40, false)]
    [InlineData(0x08, false)]
    public void The_type_bits_tell_a_receipt_from_an_mo(byte esmClass, bool isReceipt) =>
        Assert.Equal(isReceipt, DeliverMapping.IsReceipt(new DeliverSm { EsmClass = esmClass }));

    [Fact]
    public void A_message_that_names_another_by_tlv_is_a_receipt_even_without_the_bits() =>
        Assert.True(DeliverMapping.IsReceipt(new DeliverSm { Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, "77")] }));

    [Fact]
    public void A_receipt_becomes_a_fact_of_its_connector()
    {
        var text = "id:0000020266 sub:001 dlvrd:001 submit date:2603011355 done date:2603011400 stat:UNDELIV err:012 text:Hello"u8.ToArray();
        var pdu = new DeliverSm { EsmClass = 4, SourceAddr = "447700900001", DestinationAddr = "12345", DataCoding = 3, ShortMessage = text };
        var quirks = new CarrierQuirks { ReceiptIdNotation = IdNotation.Decimal, ReceiptTimeZoneMinutes = 120 };
        var receipt = DeliverMapping.Receipt(pdu, "carrier-a", quirks, Guid.NewGuid(), Now);
        Assert.NotNull(receipt);
        Assert.Equal(
            ("carrier-a", "20266", "447700900001", "12345", ReceiptState.Undeliverable, (short)1, "012", (byte)3, (byte)4),
            (receipt.Connector, receipt.CarrierMessageId, receipt.Source, receipt.Destination, receipt.State, receipt.ResultCode, receipt.Error, receipt.DataCoding, receipt.EsmClass));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), receipt.DoneAt);
        Assert.Equal(TimeSpan.Zero, receipt.DoneAt.Offset);
        Assert.Equal(text, receipt.Body);
    }

    [Theory]
    [InlineData("00010101000000", 60)] // what .NET prints for an unset date
    [InlineData("00010101000000", 0)]
    [InlineData("00010101000000", -60)]
    [InlineData("99991231235959", -60)]
    [InlineData("99991231235959", 60)]
    [InlineData("19700101000000", 0)]
    [InlineData("20260304120000", 0)]
    public void A_date_that_cannot_be_is_none(string date, int minutes)
    {
        var pdu = new DeliverSm { EsmClass = 4, ShortMessage = Encoding.ASCII.GetBytes($"id:77 done date:{date} stat:DELIVRD") };
        var quirks = new CarrierQuirks { ReceiptTimeZoneMinutes = minutes };
        Assert.Equal(Now, DeliverMapping.Receipt(pdu, "carrier-a", quirks, Guid.NewGuid(), Now)!.DoneAt);
    }

    [Fact]
    public void A_date_a_little_ahead_is_of_a_zone_that_nobody_configured_and_stays()
    {
        var pdu = new DeliverSm { EsmClass = 4, ShortMessage = "id:77 done date:20260302020000 stat:DELIVRD"u8.ToArray() };
        Assert.Equal(Now.AddHours(14), DeliverMapping.Receipt(pdu, "carrier-a", new CarrierQuirks(), Guid.NewGuid(), Now)!.DoneAt);
    }

    [Fact]
    public void A_receipt_without_a_date_is_done_when_it_came_in()
    {
        var pdu = new DeliverSm { EsmClass = 4, Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, "77"), Tlv.OfByte(TlvTag.MessageState, 2)] };
        var receipt = DeliverMapping.Receipt(pdu, "carrier-a", new CarrierQuirks(), Guid.NewGuid(), Now);
        Assert.Equal(("77", ReceiptState.Delivered, (short)0, Now), (receipt!.CarrierMessageId, receipt.State, receipt.ResultCode, receipt.DoneAt));
    }

    [Fact]
    public void An_intermediate_notification_without_a_state_says_under_way()
    {
        var pdu = new DeliverSm { EsmClass = 0x20, Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, "77")] };
        Assert.Equal(ReceiptState.Enroute, DeliverMapping.Receipt(pdu, "carrier-a", new CarrierQuirks(), Guid.NewGuid(), Now)!.State);
    }

    [Fact]
    public void A_state_that_nobody_knows_is_unknown()
    {
        var pdu = new DeliverSm { EsmClass = 4, ShortMessage = "id:77 stat:BLURBED"u8.ToArray() };
        var receipt = DeliverMapping.Receipt(pdu, "carrier-a", new CarrierQuirks(), Guid.NewGuid(), Now);
        Assert.Equal((ReceiptState.Unknown, (short)99), (receipt!.State, receipt.ResultCode));
    }

    [Fact]
    public void Without_an_id_there_is_no_receipt() =>
        Assert.Null(DeliverMapping.Receipt(
            new DeliverSm { EsmClass = 4, ShortMessage = "your message has arrived"u8.ToArray() }, "carrier-a", new CarrierQuirks(), Guid.NewGuid(), Now));

    [Fact]
    public void The_hash_leaves_the_sequence_number_out_and_nothing_else()
    {
        var pdu = new DeliverSm { EsmClass = 4, SourceAddr = "1", ShortMessage = "id:77 stat:DELIVRD"u8.ToArray(), Sequence = 5 };
        Assert.Equal(Hash(pdu), Hash(pdu with { Sequence = 6 }));
        Assert.NotEqual(Hash(pdu), Hash(pdu with { SourceAddr = "2" }));
        Assert.NotEqual(Hash(pdu), Hash(pdu with { Tlvs = [Tlv.OfByte(TlvTag.MessageState, 2)] }));
    }

    [Fact]
    public void An_mo_keeps_its_octets_and_takes_its_key_from_the_tlv_of_the_quirk()
    {
        var pdu = new DeliverSm
        {
            EsmClass = 0x40,
            DataCoding = 8,
            SourceAddr = "447700900001",
            DestinationAddr = "+12345",
            ShortMessage = Encoding.Latin1.GetBytes("\u0005\u0000\u0003\u0001\u0002\u0001Hi"),
            Tlvs = [Tlv.OfCString(0x1500, "mo-1")],
        };
        var mo = DeliverMapping.Mo(pdu, "carrier-a", new CarrierQuirks { MoIdTlv = 0x1500 }, ("demo", Protocol.Http), Guid.NewGuid(), Now);
        Assert.Equal(
            ("carrier-a", "demo", Protocol.Http, "mo-1", "447700900001", "12345", (byte)0x40, (byte)8),
            (mo.Connector, mo.Account, mo.Protocol, mo.CarrierKey, mo.Source, mo.Destination, mo.EsmClass, mo.DataCoding));
        Assert.Equal(pdu.ShortMessage.ToArray(), mo.Body);
        Assert.Null(DeliverMapping.Mo(pdu, "carrier-a", new CarrierQuirks(), null, Guid.NewGuid(), Now).CarrierKey);
    }

    [Fact]
    public void A_part_marked_by_sar_tlvs_gets_a_concatenation_header()
    {
        var mo = Mo(Part(0x0107, 2, 1, "Hi"));

        Assert.Equal((0x40, 2, "0500030702014869"), (mo.EsmClass, mo.DataCoding, Convert.ToHexString(mo.Body)));
        Assert.Equal("0500030702024869", Convert.ToHexString(Mo(Part(0x0107, 2, 2, "Hi")).Body));
    }

    [Fact]
    public void A_part_that_is_too_long_for_short_message_with_its_header_keeps_all_octets()
    {
        var mo = Mo(Part(7, 2, 1, new string('x', 254)));

        Assert.Equal("050003070201" + string.Concat(Enumerable.Repeat("78", 254)), Convert.ToHexString(mo.Body));
    }

    [Theory]
    [InlineData("0107", "01", "01", 0)] // the only part
    [InlineData("0107", "02", "00", 0)]
    [InlineData("0107", "02", "03", 0)]
    [InlineData("07", "02", "01", 0)] // a reference of one octet
    [InlineData("0107", "02", null, 0)]
    [InlineData("0107", "02", "01", 0x40)] // it has a header of its own
    public void Other_sar_tlvs_change_nothing(string reference, string total, string? number, byte esmClass)
    {
        var pdu = new DeliverSm { EsmClass = esmClass, ShortMessage = Convert.FromHexString("0401020304") };
        var tlvs = new List<Tlv> { Of(TlvTag.SarMsgRefNum, reference), Of(TlvTag.SarTotalSegments, total) };
        if (number is not null)
        {
            tlvs.Add(Of(TlvTag.SarSegmentSeqnum, number));
        }

        var mo = Mo(pdu with { Tlvs = [.. tlvs] });

        Assert.Equal((esmClass, "0401020304"), (mo.EsmClass, Convert.ToHexString(mo.Body)));
    }

    [Theory]
    [InlineData("+447700900001", "447700900001")]
    [InlineData("447700900001", "447700900001")]
    [InlineData("+Info", "+Info")]
    [InlineData("+", "+")]
    public void A_handsets_number_loses_its_plus(string source, string expected) =>
        Assert.Equal(expected, Mo(new DeliverSm { SourceAddr = source }).Source);

    private static NewMo Mo(DeliverSm pdu) => DeliverMapping.Mo(pdu, "carrier-a", new CarrierQuirks(), null, Guid.NewGuid(), Now);

    private static DeliverSm Part(ushort reference, byte total, byte number, string text) => new()
    {
        ShortMessage = Encoding.ASCII.GetBytes(text),
        Tlvs =
        [
            Of(TlvTag.SarMsgRefNum, reference.ToString("X4", CultureInfo.InvariantCulture)),
            Tlv.OfByte(TlvTag.SarTotalSegments, total),
            Tlv.OfByte(TlvTag.SarSegmentSeqnum, number),
        ],
    };

    private static Tlv Of(ushort tag, string hex) => new(tag, Convert.FromHexString(hex));

    private static Guid Hash(DeliverSm pdu) => DeliverMapping.HashOfBody(DeliverMapping.Octets(pdu, new ArrayBufferWriter<byte>()));
}
