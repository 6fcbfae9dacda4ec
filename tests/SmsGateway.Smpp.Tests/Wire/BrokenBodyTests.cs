using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Wire;

public class BrokenBodyTests
{
    // service_type, source, destination, then the three octets, two times, four octets, and what the test adds.
    private const string Head = "00000000 00000004 00000000 00000005";
    private const string UpToLength = Head + "00 0000 3100 0000 3200 000000 00 00 01000000";

    [Theory]
    [InlineData(Head + "414243444546", "service_type", CommandStatus.InvalidServiceType)] // 6 characters and no room for the NUL
    [InlineData(Head + "00 0000 313131313131313131313131313131313131313131 00", "source_addr", CommandStatus.InvalidSourceAddress)]
    [InlineData(Head + "00 0000 00 0000 313131313131313131313131313131313131313131 00", "destination_addr", CommandStatus.InvalidDestinationAddress)]
    [InlineData(Head + "00 0000 00 0000 00 000000 3030303030303030303030303030303030 00", "schedule_delivery_time", CommandStatus.InvalidSchedule)]
    [InlineData(Head + "00 0000 00 0000 00 000000 00 3030303030303030303030303030303030 00", "validity_period", CommandStatus.InvalidExpiry)]
    [InlineData(Head + "00 0000 3100 0000", "destination_addr", CommandStatus.InvalidCommandLength)]
    [InlineData(Head, "service_type", CommandStatus.InvalidCommandLength)]
    [InlineData(UpToLength, "sm_length", CommandStatus.InvalidCommandLength)]
    [InlineData(UpToLength + "04 414243", "short_message", CommandStatus.InvalidMessageLength)]
    [InlineData(UpToLength + "00 0424", "optional parameters", CommandStatus.InvalidOptionalParameterStream)]
    [InlineData(UpToLength + "00 0424 0005 41", "optional parameters", CommandStatus.InvalidOptionalParameterStream)]
    [InlineData("00000000 00000002 00000000 00000005 30313233343536373839616263646566 00", "system_id", CommandStatus.InvalidSystemId)]
    [InlineData("00000000 00000002 00000000 00000005 00 303132333435363738 00", "password", CommandStatus.InvalidPassword)]
    public void A_broken_body_names_its_field_and_the_status_to_answer(string hex, string field, CommandStatus answer)
    {
        var fault = Assert.Throws<PduBodyException>(() => Wires.Decode(hex));
        Assert.Equal((field, answer, 5u), (fault.Field, fault.AnswerStatus, fault.Pdu.Sequence));
        Assert.Equal(Hex.Of(Hex.Octets(hex).AsSpan(16)), Hex.Of(fault.Pdu.Body.Span));
    }

    [Fact]
    public void A_message_of_255_octets_is_refused_though_all_of_them_are_there()
    {
        var hex = UpToLength + "ff" + new string('0', 2 * 255);
        Assert.Equal(CommandStatus.InvalidMessageLength, Assert.Throws<PduBodyException>(() => Wires.Decode(hex)).AnswerStatus);
    }

    [Theory]
    [InlineData("0000001180000009000000530000000100")] // a bind response cut before its TLV
    [InlineData("00000019800000040000000a00000002303030303030303000")] // an error response that carries an id
    public void What_is_broken_with_a_history_is_read_and_kept(string hex)
    {
        var pdu = Wires.Decode(hex);
        Assert.NotEqual(CommandStatus.Ok, pdu.Status);
        Assert.Equal(hex, Wires.EncodeHex(pdu, pdu.Sequence));
    }

    [Theory]
    [InlineData("00000000 80000009 00000000 00000005 4142 00 0210", "AB")]
    [InlineData("00000000 80000009 00000000 00000005 30313233343536373839616263646566 00 0210 0001 34", "0123456789abcde")]
    [InlineData("00000000 80000009 00000000 00000005 30313233343536373839616263646566", "0123456789abcde")]
    public void A_bind_response_counts_whatever_stands_behind_its_system_id_or_in_it(string hex, string systemId)
    {
        var response = Wires.Decode<BindResponse>(hex);
        Assert.Equal((CommandStatus.Ok, systemId), (response.Status, response.SystemId));
    }

    [Theory]
    [InlineData("00000000 80000004 00000000 00000005 41 00 42")]
    [InlineData("00000000 80000004 00000000 00000005 41 00 0424 0009 42")]
    public void A_submit_response_keeps_its_id_whatever_stands_behind_it(string hex) =>
        Assert.Equal("A", Wires.Decode<SubmitSmResp>(hex).MessageId);

    [Fact]
    public void A_response_may_end_in_place_of_its_nul() =>
        Assert.Equal("AB", Wires.Decode<SubmitSmResp>("00000012 80000004 00000000 00000001 4142").MessageId);

    [Fact]
    public void Octets_behind_a_pdu_that_is_only_a_header_are_ignored() =>
        Assert.Equal(3u, Wires.Decode<EnquireLink>("00000014 00000015 00000000 00000003 01020304").Sequence);

    [Fact]
    public void Writing_is_strict_and_names_the_field()
    {
        Assert.Contains("source_addr", Refused(new SubmitSm { SourceAddr = new string('1', 21) }), StringComparison.Ordinal);
        Assert.Contains("password", Refused(new BindRequest { Type = BindType.Receiver, Password = "123456789" }), StringComparison.Ordinal);
        Assert.Contains("message_id", Refused(new SubmitSmResp { MessageId = new string('1', 65) }), StringComparison.Ordinal);
        Assert.Contains("system_id", Refused(new BindRequest { Type = BindType.Receiver, SystemId = "a\0b" }), StringComparison.Ordinal);
        Assert.Contains("destination_addr", Refused(new SubmitSm { DestinationAddr = "€" }), StringComparison.Ordinal);
        Assert.Contains("short_message", Refused(new SubmitSm { ShortMessage = new byte[255] }), StringComparison.Ordinal);
        Assert.Contains("0x0424", Refused(new SubmitSm { Tlvs = [new Tlv(TlvTag.MessagePayload, new byte[65_536])] }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_of_everything_is_written_and_read_again()
    {
        var submit = new SubmitSm
        {
            ServiceType = "12345",
            SourceAddr = new string('1', 20),
            DestinationAddr = new string('2', 20),
            ValidityPeriod = "000007000000000R",
            ShortMessage = new byte[254],
            Tlvs = [new Tlv(TlvTag.CallbackNum, new byte[19]), new Tlv(TlvTag.MessagePayload, new byte[65_535])],
        };
        var octets = Wires.Encode(submit, 1);
        Assert.Equal(Hex.Of(octets), Wires.EncodeHex(Wires.Decode(Hex.Of(octets)), 1));
    }

    private static string Refused(Pdu pdu) => Assert.Throws<ArgumentException>(() => Wires.Encode(pdu, 1)).Message;
}
