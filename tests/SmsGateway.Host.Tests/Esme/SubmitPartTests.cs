using System.Text;
using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Esme;

public sealed class SubmitPartTests
{
    private const string Header8 = "0500030A0302";

    [Theory]
    [InlineData("udh", 2, Header8 + "1B65411B", 0, 0x0A)]
    [InlineData("udh", 8, Header8 + "0041D83D", 8, 0x0A)]
    [InlineData("udh", 4, Header8 + "00FF", 4, 0x0A)]
    [InlineData("udh", 8, "0608041234" + "0302" + "0041", 8, 0x1234)]
    [InlineData("udh-transcoded", 0, Header8 + "C3A9", 0, 0x0A)]
    [InlineData("udh-transcoded", 3, Header8 + "E9", 0, 0x0A)]
    [InlineData("udh-transcoded", 6, Header8 + "B1", 8, 0x0A)]
    public async Task A_part_with_a_header_stays_one_part(string row, byte coding, string octets, byte carrierCoding, int reference)
    {
        var submission = await SubmitFieldTests.TakenAsync(row, Part(coding, octets));

        var expected = row == "udh" ? octets : Header8 + (carrierCoding == 8 ? "0411" : "05");
        Assert.Equal((expected, carrierCoding, 0x40), (Convert.ToHexString(submission.Payload.Span), submission.DataCoding, submission.EsmClass));
        Assert.Equal(new ConcatPart(reference, 3, 2), submission.Part);
        Assert.Null(submission.Text);
    }

    [Fact]
    [Trait("row", "udh")]
    public async Task A_header_without_concatenation_is_passed_and_is_no_part()
    {
        var submission = await SubmitFieldTests.TakenAsync("udh", Part(4, "06050423F423F4" + "AABB"));
        Assert.Equal("06050423F423F4AABB", Convert.ToHexString(submission.Payload.Span));
        Assert.Null(submission.Part);
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("FF00")]
    [Trait("row", "udh-broken")]
    public async Task A_header_that_is_not_there_is_refused(string octets) =>
        await SubmitFieldTests.RefusedAsync("udh-broken", Part(4, octets));

    [Theory]
    [InlineData(2, 154, 'a')]
    [InlineData(4, 135, 'a')]
    [InlineData(3, 154, 'a')]
    [InlineData(3, 68, 'â')]
    [Trait("row", "part-long")]
    public async Task A_part_that_does_not_fit_one_segment_is_refused(byte coding, int characters, char character) =>
        await SubmitFieldTests.RefusedAsync("part-long", Part(coding, Header8 + Latin1(characters, character)));

    [Theory]
    [InlineData(2, 153, 'a')]
    [InlineData(4, 134, 'a')]
    [InlineData(3, 153, 'a')]
    [InlineData(3, 67, 'â')]
    [Trait("row", "udh")]
    public async Task A_part_that_just_fits_is_taken(byte coding, int characters, char character) =>
        Assert.NotNull((await SubmitFieldTests.TakenAsync("udh", Part(coding, Header8 + Latin1(characters, character)))).Part);

    [Fact]
    [Trait("row", "sar")]
    public async Task A_part_marked_by_parameters_gets_a_header()
    {
        var submission = await SubmitFieldTests.TakenAsync("sar", Sar("hi", 0x1234, 2, 1));
        Assert.Equal(("050003340201" + "6869", 0, 0x40), (Convert.ToHexString(submission.Payload.Span), submission.DataCoding, submission.EsmClass));
        Assert.Equal(new ConcatPart(0x1234, 2, 1), submission.Part);
    }

    [Fact]
    [Trait("row", "sar")]
    public async Task A_message_of_one_part_is_whole()
    {
        var submission = await SubmitFieldTests.TakenAsync("sar", Sar("hi", 7, 1, 1));
        Assert.Equal("hi", submission.Text);
        Assert.Null(submission.Part);
    }

    [Fact]
    [Trait("row", "sar-partial")]
    public async Task An_incomplete_triple_is_ignored()
    {
        var pdu = Sar("hi", 7, 2, 1);
        Assert.Equal("hi", (await SubmitFieldTests.TakenAsync("sar-partial", pdu with { Tlvs = pdu.Tlvs.Without(TlvTag.SarSegmentSeqnum) })).Text);
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(2, 0, false)]
    [InlineData(2, 3, false)]
    [InlineData(2, 1, true)]
    [Trait("row", "sar-bad")]
    public async Task Impossible_or_double_markings_are_refused(byte total, byte number, bool header)
    {
        var pdu = Sar("hi", 7, total, number);
        await SubmitFieldTests.RefusedAsync("sar-bad", header ? pdu with { EsmClass = 0x40, ShortMessage = Convert.FromHexString(Header8 + "41") } : pdu);
    }

    [Theory]
    [InlineData(TlvTag.SarMsgRefNum, "07")]
    [InlineData(TlvTag.SarTotalSegments, "0002")]
    [InlineData(TlvTag.SarSegmentSeqnum, "")]
    [Trait("row", "sar-bad")]
    public async Task A_marking_of_the_wrong_length_is_refused(ushort tag, string value)
    {
        var pdu = Sar("hi", 7, 2, 1);
        Tlv[] tlvs = [new Tlv(tag, Convert.FromHexString(value)), .. pdu.Tlvs.Without(tag)];
        await SubmitFieldTests.RefusedAsync("sar-bad", pdu with { Tlvs = TlvList.Create(tlvs) });
    }

    private static SubmitSm Part(byte coding, string octets) =>
        EsmeBench.Message() with { EsmClass = 0x40, DataCoding = coding, ShortMessage = Convert.FromHexString(octets) };

    private static SubmitSm Sar(string text, ushort reference, byte total, byte number) => EsmeBench.Message(text) with
    {
        Tlvs =
        [
            Tlv.OfByte(TlvTag.SarSegmentSeqnum, number),
            Tlv.OfUInt16(TlvTag.SarMsgRefNum, reference),
            Tlv.OfByte(TlvTag.SarTotalSegments, total),
        ],
    };

    private static string Latin1(int characters, char character) => Convert.ToHexString(Encoding.Latin1.GetBytes(new string(character, characters)));
}
