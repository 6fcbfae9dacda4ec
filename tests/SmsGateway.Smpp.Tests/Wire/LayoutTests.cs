using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Wire;

// One PDU of every layout, octet by octet from the tables of SMPP 3.4, section 4.
public class LayoutTests
{
    private const string Submit =
        "0000004e 00000004 00000000 00000007" +
        "434d5400" + // service_type CMT
        "05 00 4143 4d4500" + // source: alphanumeric ACME
        "01 01 34343737303039303031323300" + // destination 447700900123
        "40 01 02" + // esm_class, protocol_id, priority_flag
        "00" + // schedule_delivery_time
        "30303030303130303030303030303052 00" + // validity_period: one day
        "01 00 08 00" + // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id
        "04 00410042" + // short_message
        "0204 0002 0102"; // user_message_reference

    [Fact]
    public void Submit_sm_has_every_field_in_its_place()
    {
        var submit = Wires.Decode<SubmitSm>(Submit);
        Assert.Equal((7u, CommandStatus.Ok, "CMT"), (submit.Sequence, submit.Status, submit.ServiceType));
        Assert.Equal((5, 0, "ACME"), (submit.SourceAddrTon, submit.SourceAddrNpi, submit.SourceAddr));
        Assert.Equal((1, 1, "447700900123"), (submit.DestAddrTon, submit.DestAddrNpi, submit.DestinationAddr));
        Assert.Equal((0x40, 1, 2), (submit.EsmClass, submit.ProtocolId, submit.PriorityFlag));
        Assert.Equal(("", "000001000000000R"), (submit.ScheduleDeliveryTime, submit.ValidityPeriod));
        Assert.Equal((1, 0, 8, 0), (submit.RegisteredDelivery, submit.ReplaceIfPresentFlag, submit.DataCoding, submit.SmDefaultMsgId));
        Assert.Equal("00410042", Hex.Of(submit.ShortMessage.Span));
        Assert.True(submit.Tlvs.TryGetUInt16(TlvTag.UserMessageReference, out var reference) && reference == 0x0102);
        Assert.Equal(Hex.Of(Hex.Octets(Submit)), Wires.EncodeHex(submit, 7));
    }

    [Fact]
    public void A_request_is_numbered_by_the_encoder_and_not_by_itself() =>
        Assert.EndsWith("0000002a", Wires.EncodeHex(new EnquireLink { Sequence = 1 }, 42), StringComparison.Ordinal);

    [Theory]
    [InlineData("0000002f 00000009 00000000 00000001 657300 70776400 78797a00 34 01 02 5e343400 0017 0004 00000005")] // 3.4 has no TLV here; kept
    [InlineData("0000001d 00000002 00000000 00000001 61626300 62 00 00 33 05 00 00")]
    [InlineData("0000001d 80000001 00000000 00000003 6162636465666700 0210 0001 34")]
    [InlineData("00000010 80000009 0000000d 00000003")]
    [InlineData("00000015 80000004 00000000 00000003 6d73672d00")]
    [InlineData("00000010 80000004 00000045 00000003")]
    [InlineData("00000011 80000005 00000000 00000003 00")]
    [InlineData("00000010 80000005 00000064 00000003")]
    [InlineData("00000010 00000006 00000000 00000003")]
    [InlineData("00000010 80000006 00000000 00000003")]
    [InlineData("00000010 80000000 00000003 00000003")]
    [InlineData("00000018 80000004 00000008 00000003 00 001d 0003 6f6e00")] // an error text behind an empty id, as carriers do
    [InlineData("00000018 00010200 00000000 00000003 0102030405060708")]
    [InlineData("00000010 00000021 00000000 ffffffff")]
    public void What_was_read_is_written_again_octet_for_octet(string hex)
    {
        var octets = Hex.Octets(hex);
        octets[3] = (byte)octets.Length;
        var pdu = Wires.Decode(Hex.Of(octets));
        Assert.Equal(Hex.Of(octets), Wires.EncodeHex(pdu, pdu.Sequence));
    }

    [Fact]
    public void Deliver_sm_shares_the_layout_and_keeps_its_own_record()
    {
        var octets = Hex.Octets(Submit);
        octets[7] = 5;
        var deliver = Wires.Decode<DeliverSm>(Hex.Of(octets));
        Assert.Equal((CommandId.DeliverSm, "447700900123"), (deliver.CommandId, deliver.DestinationAddr));
        Assert.Equal(Hex.Of(octets), Wires.EncodeHex(deliver, 7));
    }

    [Fact]
    public void An_unknown_status_survives()
    {
        var response = Wires.Decode<SubmitSmResp>("00000010 80000004 000004a7 00000001");
        Assert.Equal((CommandStatus)0x4A7, response.Status);
        Assert.Null(response.MessageId);
    }

    [Fact]
    public void The_payload_is_found_wherever_it_is_and_two_of_them_are_noticed()
    {
        var tlv = new Tlv(TlvTag.MessagePayload, Hex.Octets("0102"));
        Assert.Equal("0102", Hex.Of(new SubmitSm { Tlvs = [tlv] }.Payload.Span));
        Assert.Equal("03", Hex.Of(new SubmitSm { ShortMessage = Hex.Octets("03") }.Payload.Span));
        Assert.True(new SubmitSm { ShortMessage = Hex.Octets("03"), Tlvs = [tlv] }.HasTwoPayloads);
        Assert.False(new SubmitSm { Tlvs = [tlv] }.HasTwoPayloads);
    }

    [Fact]
    public void Nothing_of_a_pdu_but_command_number_and_status_reaches_a_log()
    {
        Assert.Equal("BindTransceiver #0 status 0x0", new BindRequest { Type = BindType.Transceiver, Password = "secret" }.ToString());
        Assert.Equal("SubmitSm #7 status 0x0", Wires.Decode(Submit).ToString());
    }
}
