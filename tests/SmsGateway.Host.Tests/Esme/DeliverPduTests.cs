using System.Text.Json;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Esme;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Esme;

public sealed class DeliverPduTests
{
    public static TheoryData<string, byte> Defaults => new()
    {
        { "UTF-8", 0 },
        { "ASCII", 0 },
        { "GSM_0338", 0 },
        { "ISO8859_1", 0 },
        { "JIS0201", 0 },
        { "ISO2022JP", 0 },
        { "EUC_KR", 0 },
        { "UTF-16", 1 },
        { "JIS0212", 1 },
    };

    [Theory]
    [MemberData(nameof(Defaults))]
    public void ASCII_is_named_to_an_account_whose_default_is_no_superset_of_it(string defaultEncoding, byte expected)
    {
        var accounts = JsonSerializer.Deserialize<DefaultEncoding>($"\"{defaultEncoding}\"");

        Assert.Equal(expected, Coding(Deliveries.Mo(), accounts));
        Assert.Equal(expected, Coding(Deliveries.Mo() with { EsmClass = 0x40, Body = Convert.FromHexString("060504C350C3504869") }, accounts));
        Assert.Equal(expected, Coding(Deliveries.Receipt() with { Body = null }, accounts));
    }

    [Fact]
    public void What_is_not_ASCII_or_has_a_name_or_is_a_carriers_receipt_keeps_its_coding()
    {
        Assert.Equal(0, Coding(Deliveries.Mo() with { Body = "é"u8.ToArray() }, DefaultEncoding.Utf16));
        Assert.Equal(2, Coding(Deliveries.Mo() with { DataCoding = 2 }, DefaultEncoding.Utf16));
        Assert.Equal(0, Coding(Deliveries.Receipt(), DefaultEncoding.Utf16));
    }

    [Fact]
    public void A_part_of_254_octets_and_its_header_go_into_message_payload()
    {
        byte[] body = [5, 0, 3, 7, 2, 1, .. new byte[254]];

        var pdu = DeliverPdu.Of(Deliveries.Mo() with { EsmClass = 0x40, Body = body }, DefaultEncoding.Utf8);

        Assert.True(pdu.ShortMessage.IsEmpty);
        Assert.Equal(body, pdu.Payload.ToArray());
    }

    private static byte Coding(Delivery delivery, DefaultEncoding accounts) => DeliverPdu.Of(delivery, accounts).DataCoding;
}
