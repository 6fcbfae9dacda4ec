using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using SmsGateway.Host.Callbacks;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Callbacks;

public sealed class MoCallbackTests
{
    private static readonly MessageId Id = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    private static Delivery Mo(byte dataCoding, byte[] body, byte esmClass = 0) => new()
    {
        Id = Guid.NewGuid(),
        Account = "demo",
        Kind = DeliveryKind.Mo,
        Protocol = Protocol.Http,
        CreatedAt = DateTimeOffset.UnixEpoch,
        DueAt = DateTimeOffset.UnixEpoch,
        MessageId = Id,
        Day = new DateOnly(2026, 1, 1),
        Connector = "carrier-a",
        Source = "447700900000",
        Destination = "12345",
        AcceptedAt = DateTimeOffset.UnixEpoch,
        DataCoding = dataCoding,
        EsmClass = esmClass,
        Body = body,
    };

    private static string Form(Delivery mo, CarrierAlphabet alphabet = CarrierAlphabet.Gsm0338) =>
        Encoding.ASCII.GetString(CallbackForm.Of(mo, new ConfigurationSnapshot(1, "", new ConfigurationDocument
        {
            Carriers = [new CarrierSettings { Name = "carrier-a", Host = "h", Quirks = new CarrierQuirks { DefaultAlphabet = alphabet } }],
        })).Span);

    private static string Message(Delivery mo, CarrierAlphabet alphabet = CarrierAlphabet.Gsm0338) =>
        QueryHelpers.ParseQuery(Form(mo, alphabet))["message"].ToString();

    [Fact]
    public void An_MO_has_exactly_the_fields_of_the_specification() => Assert.Equal(
        $"type=MO&message_id={Id}&shortcode=12345&phone_number=447700900000&carrier=carrier-a&message=YES+%40+%E2%82%AC",
        Form(Mo(0, [.. "YES "u8, 0x00, .. " "u8, 0x1B, 0x65])));

    [Fact]
    public void Data_coding_0_means_the_carriers_default_alphabet()
    {
        Assert.Equal("@", Message(Mo(0, [0x00])));
        Assert.Equal("é", Message(Mo(0, [0xE9]), CarrierAlphabet.Latin1));
        Assert.Equal("é", Message(Mo(0, [0xC3, 0xA9]), CarrierAlphabet.Utf8));
    }

    [Fact]
    public void Other_data_codings_mean_what_the_table_says()
    {
        Assert.Equal("ü😀", Message(Mo(8, Encoding.BigEndianUnicode.GetBytes("ü😀"))));
        Assert.Equal("é", Message(Mo(3, [0xE9])));
        Assert.Equal("Привет", Message(Mo(6, [0xBF, 0xE0, 0xD8, 0xD2, 0xD5, 0xE2])));
    }

    [Theory]
    [InlineData(0xF1, "@ä")]
    [InlineData(0xF5, "\0{")]
    public void A_message_class_is_read_by_its_alphabet(byte carriers, string expected)
    {
        byte[] body = [0x00, 0x7B];
        Assert.Equal(expected, Message(Mo(MoCoding.Of(carriers, 0, body, CarrierAlphabet.Gsm0338), body)));
    }

    [Fact]
    public void The_user_data_header_is_no_part_of_the_text() =>
        Assert.Equal("part", Message(Mo(0, [5, 0, 3, 0xAB, 2, 1, .. "part"u8], esmClass: 0x40)));

    [Fact]
    public void Octets_that_are_no_text_are_passed_one_to_one()
    {
        Assert.Equal("\u0001\u00ff", Message(Mo(4, [1, 0xFF])));
        Assert.Equal("\u00d8", Message(Mo(8, [0xD8])));
        Assert.Equal("\u00f5A", Message(Mo(0xF5, [0xF5, 0x41])));
        Assert.Equal("", Message(Mo(0, [])));
    }
}
