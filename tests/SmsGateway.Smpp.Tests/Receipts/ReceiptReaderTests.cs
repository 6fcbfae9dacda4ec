using System.Text;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Receipts;

public class ReceiptReaderTests
{
    private const string Text = "id:0000abcd sub:001 dlvrd:001 submit date:2601311200 done date:2601311205 stat:UNDELIV err:107 text:x";

    [Fact]
    public void The_parameters_overrule_the_text()
    {
        var receipt = Read(Deliver(Text) with { Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, "tlv-id"), Tlv.OfByte(TlvTag.MessageState, 2)] });
        Assert.Equal(("tlv-id", MessageState.Delivered), (receipt.MessageId, receipt.State));
        Assert.Equal(("UNDELIV", "107", Text, false), (receipt.StateText, receipt.Error, receipt.RawText, receipt.IsIntermediate));
        Assert.Equal(new DateTime(2026, 1, 31, 12, 5, 0), receipt.DoneDate);
    }

    [Fact]
    public void Without_parameters_the_text_says_it_all()
    {
        var receipt = Read(Deliver(Text));
        Assert.Equal(("0000abcd", MessageState.Undeliverable, "107"), (receipt.MessageId, receipt.State, receipt.Error));
    }

    [Fact]
    public void Without_a_text_the_parameters_are_enough()
    {
        var receipt = Read(Deliver("") with
        {
            EsmClass = EsmClass.IntermediateNotification,
            Tlvs = [new Tlv(TlvTag.ReceiptedMessageId, "no-nul"u8.ToArray()), Tlv.OfByte(TlvTag.MessageState, 1), new Tlv(TlvTag.NetworkErrorCode, Hex.Octets("030105"))],
        });
        Assert.Equal(("no-nul", MessageState.Enroute, "261", ""), (receipt.MessageId, receipt.State, receipt.Error, receipt.RawText));
        Assert.True(receipt.IsIntermediate && receipt.StateText is null && receipt.DoneDate is null);
    }

    [Fact]
    public void A_state_outside_the_specification_leaves_the_word_to_decide()
    {
        var receipt = Read(Deliver(Text) with { Tlvs = [Tlv.OfByte(TlvTag.MessageState, 9), Tlv.OfCString(TlvTag.ReceiptedMessageId, "")] });
        Assert.Equal(("0000abcd", MessageState.Undeliverable), (receipt.MessageId, receipt.State));
    }

    [Fact]
    public void The_text_may_be_in_message_payload_in_two_octet_units_or_behind_a_header()
    {
        Assert.Equal("0000abcd", Read(Deliver("") with { Tlvs = [new Tlv(TlvTag.MessagePayload, Encoding.ASCII.GetBytes(Text))] }).MessageId);
        Assert.Equal("0000abcd", Read(new DeliverSm { EsmClass = 4, DataCoding = 8, ShortMessage = Encoding.BigEndianUnicode.GetBytes(Text) }).MessageId);
        Assert.Equal("0000abcd", Read(Deliver("\u0003\u0001\u0001\u0001" + Text) with { EsmClass = 0x44 }).MessageId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("stat:DELIVRD err:000")]
    [InlineData("anything else")]
    public void Without_an_id_it_is_unreadable(string text) => Assert.False(ReceiptReader.TryRead(Deliver(text), out _));

    private static DeliverSm Deliver(string text) => new() { EsmClass = EsmClass.Receipt, ShortMessage = Encoding.ASCII.GetBytes(text) };

    private static CarrierReceipt Read(DeliverSm deliver)
    {
        Assert.True(ReceiptReader.TryRead(deliver, out var receipt));
        return receipt;
    }
}
