using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Pdus;

public class TlvListTests
{
    private static readonly TlvList List =
    [
        Tlv.OfByte(TlvTag.MessageState, 2),
        new Tlv(TlvTag.CallbackNum, Hex.Octets("01020304")),
        Tlv.OfCString(TlvTag.ReceiptedMessageId, "abc"),
        new Tlv(TlvTag.CallbackNum, Hex.Octets("05060708")),
        new Tlv(TlvTag.AppId, "app"u8.ToArray()),
        Tlv.OfUInt16(TlvTag.SourcePort, 0x1234),
        new Tlv(TlvTag.AlertOnMessageDelivery, default),
    ];

    [Fact]
    public void Order_and_repetition_are_kept()
    {
        Assert.Equal(
            [TlvTag.MessageState, TlvTag.CallbackNum, TlvTag.ReceiptedMessageId, TlvTag.CallbackNum, TlvTag.AppId, TlvTag.SourcePort, TlvTag.AlertOnMessageDelivery],
            List.Select(tlv => tlv.Tag));
        Assert.EndsWith(
            "00" + "0427000102" + "0381000401020304" + "001e000461626300" + "0381000405060708" + "14030003617070" + "020a00021234" + "130c0000",
            Wires.EncodeHex(new SubmitSm { Tlvs = List }, 1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_of_a_tag_is_found_and_typed()
    {
        Assert.True(List.TryGet(TlvTag.CallbackNum, out var number));
        Assert.Equal("01020304", Hex.Of(number.Span));
        Assert.True(List.TryGetByte(TlvTag.MessageState, out var state) && state == 2);
        Assert.True(List.TryGetUInt16(TlvTag.SourcePort, out var port) && port == 0x1234);
        Assert.True(List.Contains(TlvTag.AlertOnMessageDelivery));
    }

    [Fact]
    public void A_text_is_read_with_its_nul_and_without_it()
    {
        Assert.True(List.TryGetCString(TlvTag.ReceiptedMessageId, out var id));
        Assert.True(List.TryGetCString(TlvTag.AppId, out var app));
        Assert.Equal(("abc", "app"), (id, app));
    }

    [Fact]
    public void What_is_absent_or_of_another_length_is_not_there()
    {
        Assert.False(List.TryGet(TlvTag.UssdServiceOp, out _));
        Assert.False(List.TryGetByte(TlvTag.SourcePort, out _));
        Assert.False(List.TryGetUInt16(TlvTag.MessageState, out _));
        Assert.False(List.TryGetCString(TlvTag.DeliveryId, out _));
    }

    [Fact]
    public void Adding_and_leaving_out_make_new_lists()
    {
        var more = List.Add(Tlv.OfByte(TlvTag.PayloadType, 1));
        Assert.Equal((7, 8, 5), (List.Count, more.Count, List.Without(TlvTag.CallbackNum).Count));
        Assert.Same(List, List.Without(TlvTag.UssdServiceOp));
    }
}
