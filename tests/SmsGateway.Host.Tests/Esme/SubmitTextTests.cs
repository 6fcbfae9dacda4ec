using System.Text;
using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Esme;

public sealed class SubmitTextTests
{
    [Theory]
    [InlineData("coding", 1, "41427E", "AB~")]
    [InlineData("coding", 2, "00021B65", "@$€")]
    [InlineData("coding", 3, "E9", "é")]
    [InlineData("coding", 5, "5CB1", "¥ｱ")]
    [InlineData("coding", 6, "B1", "Б")]
    [InlineData("coding", 7, "E0", "א")]
    [InlineData("coding", 8, "D83DDE0000E9", "😀é")]
    [InlineData("coding", 10, "1B244230211B2842", "亜")]
    [InlineData("coding", 13, "3021", "丂")]
    [InlineData("coding", 14, "B0A1", "가")]
    [InlineData("coding-default", 0, "C3A9E282AC", "é€")]
    [InlineData("coding-default", 0, "", "")]
    public async Task Text_is_read_by_the_table_of_the_model_service(string row, byte coding, string octets, string text)
    {
        var submission = await SubmitFieldTests.TakenAsync(row, Message(coding, octets));
        Assert.Equal((text, 0, 0), (submission.Text, submission.Payload.Length, submission.EsmClass));
        Assert.Null(submission.Part);
    }

    [Theory]
    [InlineData("coding-default", DefaultEncoding.Gsm0338, "00", "@")]
    [InlineData("coding-default", DefaultEncoding.Latin1, "E9", "é")]
    [InlineData("coding-default", DefaultEncoding.Utf16, "00E9", "é")]
    public async Task Data_coding_0_is_the_accounts_own_default(string row, object encoding, string octets, string text) =>
        Assert.Equal(text, (await SubmitFieldTests.TakenAsync(row, Message(0, octets), a => a with { DefaultEncoding = (DefaultEncoding)encoding })).Text);

    [Fact]
    [Trait("row", "coding-binary")]
    public async Task Data_coding_4_is_octets()
    {
        var submission = await SubmitFieldTests.TakenAsync("coding-binary", Message(4, "00FF80"));
        Assert.Equal(("00FF80", 4), (Convert.ToHexString(submission.Payload.Span), submission.DataCoding));
        Assert.Null(submission.Text);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(0xF0)]
    [Trait("row", "coding-unknown")]
    public async Task A_data_coding_that_is_not_in_the_table_is_refused_and_named_in_the_log(byte coding)
    {
        var bench = await SubmitFieldTests.RefusedAsync("coding-unknown", Message(coding, "41"));
        Assert.Contains(bench.Log.All, line => line.Contains($"data_coding 0x{coding:X2}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "C3")]
    [InlineData(1, "80")]
    [InlineData(2, "80")]
    [InlineData(8, "00")]
    [InlineData(8, "D83D")]
    [InlineData(14, "B0")]
    [Trait("row", "coding-broken")]
    public async Task Octets_that_are_no_text_are_refused(byte coding, string octets) =>
        await SubmitFieldTests.RefusedAsync("coding-broken", Message(coding, octets));

    [Fact]
    [Trait("row", "payload")]
    public async Task Message_payload_is_taken_like_short_message()
    {
        var text = new string('a', 1000);
        var submission = await SubmitFieldTests.TakenAsync("payload", EsmeBench.Message("") with { Tlvs = [Payload(text)] });
        Assert.Equal(text, submission.Text);
    }

    [Fact]
    [Trait("row", "payload-twice")]
    public async Task Both_payloads_are_refused() =>
        await SubmitFieldTests.RefusedAsync("payload-twice", EsmeBench.Message("a") with { Tlvs = [Payload("b")] });

    [Fact]
    public async Task No_text_reaches_the_log()
    {
        var bench = await SubmitFieldTests.RefusedAsync("priority-bad", EsmeBench.Message("very secret") with { PriorityFlag = 9 });
        Assert.DoesNotContain(bench.Log.All, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains(EsmeBench.Handset, StringComparison.Ordinal));
    }

    private static SubmitSm Message(byte coding, string octets) =>
        EsmeBench.Message() with { DataCoding = coding, ShortMessage = Convert.FromHexString(octets) };

    private static Tlv Payload(string text) => new(TlvTag.MessagePayload, Encoding.UTF8.GetBytes(text));
}
