using System.Text;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class SubmitWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Shop", 5, 0)]
    [InlineData("12345", 3, 0)]
    [InlineData("447700900000", 1, 1)]
    public void The_type_of_number_of_the_source_follows_its_kind(string sender, byte ton, byte npi)
    {
        var pdu = SubmitWriter.Write(Segment() with { Sender = sender }, new CarrierQuirks(), Now);
        Assert.Equal((sender, ton, npi), (pdu.SourceAddr, pdu.SourceAddrTon, pdu.SourceAddrNpi));
        Assert.Equal(("447700900001", Ton.International, Npi.Isdn), (pdu.DestinationAddr, pdu.DestAddrTon, pdu.DestAddrNpi));
    }

    [Fact]
    public void Quirks_name_other_types_of_number_zero_among_them()
    {
        var quirks = new CarrierQuirks { SourceTon = 0, SourceNpi = 0, DestinationTon = 2, DestinationNpi = 8 };
        var pdu = SubmitWriter.Write(Segment(), quirks, Now);
        Assert.Equal((0, 0, 2, 8), (pdu.SourceAddrTon, pdu.SourceAddrNpi, pdu.DestAddrTon, pdu.DestAddrNpi));
    }

    [Fact]
    public void The_carrier_is_told_what_is_left_of_the_validity_unless_it_is_not_to_be()
    {
        Assert.Equal("000000010000000R", SubmitWriter.Write(Segment(), new CarrierQuirks(), Now).ValidityPeriod);
        Assert.Equal("", SubmitWriter.Write(Segment(), new CarrierQuirks { SendValidity = false }, Now).ValidityPeriod);
    }

    [Theory]
    [InlineData(0.2, "000000000001000R")]
    [InlineData(61.9, "000000000101000R")]
    [InlineData(200 * 86400.0, "000099000000000R")]
    public void The_validity_told_is_between_a_second_and_99_days(double seconds, string expected) =>
        Assert.Equal(expected, SubmitWriter.Write(Segment() with { ValidUntil = Now.AddSeconds(seconds) }, new CarrierQuirks(), Now).ValidityPeriod);

    [Theory]
    [InlineData(RegisteredReceipts.None, 0)]
    [InlineData(RegisteredReceipts.All, 1)]
    [InlineData(RegisteredReceipts.Failures, 1)]
    public void A_receipt_is_asked_for_whenever_the_account_may_be_owed_one(RegisteredReceipts registered, byte expected) =>
        Assert.Equal(expected, SubmitWriter.Write(Segment() with { Registered = registered }, new CarrierQuirks(), Now).RegisteredDelivery);

    [Fact]
    public void Coding_class_and_payload_go_out_as_they_are()
    {
        byte[] payload = [5, 0, 3, 9, 2, 1, 0xFF, 0x00];
        var pdu = SubmitWriter.Write(Segment() with { DataCoding = 4, EsmClass = 0x40, ProtocolId = 0x41, Payload = payload }, new CarrierQuirks(), Now);
        Assert.Equal((4, 0x40, 0x41, "", 0), (pdu.DataCoding, pdu.EsmClass, pdu.ProtocolId, pdu.ServiceType, pdu.PriorityFlag));
        Assert.Equal(payload, pdu.ShortMessage.ToArray());
    }

    [Fact]
    public void A_carrier_of_latin_1_gets_latin_1()
    {
        Assert.True(Gsm0338.TryEncode("Köln [5 €]".Replace("€", "E", StringComparison.Ordinal), out var gsm));
        var pdu = SubmitWriter.Write(Segment() with { Payload = gsm }, new CarrierQuirks { DefaultAlphabet = CarrierAlphabet.Latin1 }, Now);
        Assert.Equal((0, "Köln [5 E]"), (pdu.DataCoding, Encoding.Latin1.GetString(pdu.ShortMessage.Span)));
    }

    [Fact]
    public void What_the_carriers_alphabet_lacks_goes_out_as_utf_16_behind_its_header()
    {
        Assert.True(Gsm0338.TryEncode("ΔΦ€", out var gsm));
        byte[] header = [5, 0, 3, 9, 2, 1];
        var pdu = SubmitWriter.Write(
            Segment() with { EsmClass = 0x40, Payload = [.. header, .. gsm] }, new CarrierQuirks { DefaultAlphabet = CarrierAlphabet.Latin1 }, Now);
        Assert.Equal(8, pdu.DataCoding);
        Assert.Equal([.. header, .. Encoding.BigEndianUnicode.GetBytes("ΔΦ€")], pdu.ShortMessage.ToArray());
    }

    [Fact]
    public void A_payload_too_long_for_the_field_goes_into_message_payload()
    {
        var payload = new byte[300];
        var pdu = SubmitWriter.Write(Segment() with { DataCoding = 4, Payload = payload }, new CarrierQuirks(), Now);
        Assert.True(pdu.ShortMessage.IsEmpty);
        Assert.Equal(300, pdu.Payload.Length);
    }

    private static QueuedSegment Segment() => new()
    {
        Key = new SegmentKey(Guid.NewGuid(), new DateOnly(2026, 3, 1), 1),
        Attempt = 1,
        Account = "demo",
        Route = ["carrier-a"],
        Connector = "carrier-a",
        Priority = Priority.Bulk,
        DueAt = Now,
        ValidUntil = Now + TimeSpan.FromHours(1),
        Parts = 1,
        Sender = "12345",
        Destination = "447700900001",
        DataCoding = 0,
        EsmClass = 0,
        ProtocolId = 0,
        Registered = RegisteredReceipts.All,
        Payload = "hello"u8.ToArray(),
    };
}
