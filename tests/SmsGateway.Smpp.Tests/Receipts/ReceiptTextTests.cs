using SmsGateway.Smpp.Receipts;

namespace SmsGateway.Smpp.Tests.Receipts;

public class ReceiptTextTests
{
    [Fact]
    public void The_form_of_the_appendix_is_read_whole()
    {
        var receipt = Read("id:0123456789 sub:001 dlvrd:001 submit date:2601311200 done date:2601311205 stat:DELIVRD err:000 Text:Hello there");
        Assert.Equal(("0123456789", 1, 1), (receipt.Id, receipt.Submitted, receipt.Delivered));
        Assert.Equal((At(12, 0), At(12, 5)), (receipt.SubmitDate, receipt.DoneDate));
        Assert.Equal((MessageState.Delivered, "DELIVRD", "000", "Hello there"), (receipt.State, receipt.Stat, receipt.Error, receipt.Text));
    }

    [Theory]
    [InlineData("stat:DELIVRD id:abc-1 err:000")] // any order
    [InlineData("ID:abc-1 STAT:delivrd ERR:000")] // any case
    [InlineData("id: abc-1 stat : DELIVRD err: 000")] // spaces around the colon
    [InlineData("id:abc-1,sub:001,stat:DELIVRD,err:000")] // commas
    [InlineData("id:abc-1\nstat:DELIVRD\r\nerr:000\0")]
    [InlineData("id:abc-1 status:DELIVERED error:000")]
    [InlineData("id:abc-1 text:stolen text with sub:9 stat:DELIVRD err:000")] // text in the middle
    public void Order_case_separators_and_spelling_do_not_matter(string text)
    {
        var receipt = Read(text);
        Assert.Equal(("abc-1", MessageState.Delivered, "000"), (receipt.Id, receipt.State, receipt.Error));
    }

    [Theory]
    [InlineData("submit date:2601311200 done date:2601311205")]
    [InlineData("submitdate:260131120000 donedate:260131120500")]
    [InlineData("submit_date:20260131120000 done_date:20260131120500")]
    [InlineData("submit date:2026-01-31 12:00:00 done date:2026-01-31 12:05:00")]
    [InlineData("Submit Date:2601311200 Done Date:2601311205")]
    public void Dates_come_in_many_notations(string dates)
    {
        var receipt = Read($"id:1 {dates} stat:EXPIRED");
        Assert.Equal((At(12, 0), At(12, 5), MessageState.Expired), (receipt.SubmitDate, receipt.DoneDate, receipt.State));
    }

    [Theory]
    [InlineData("260131120500", 2026, 1, 31, 12, 5)]
    [InlineData("202601311205", 2026, 1, 31, 12, 5)] // month 26 cannot be
    public void Twelve_digits_have_seconds_unless_that_cannot_be(string digits, int year, int month, int day, int hour, int minute) =>
        Assert.Equal(new DateTime(year, month, day, hour, minute, 0), Read("id:1 done date:" + digits).DoneDate);

    [Theory]
    [InlineData("done date:never")]
    [InlineData("done date:2613011200")]
    [InlineData("done date:123")]
    [InlineData("done date:")]
    public void A_date_that_is_none_is_absent(string date) => Assert.Null(Read("id:1 " + date).DoneDate);

    [Theory]
    [InlineData("ENROUTE", MessageState.Enroute)]
    [InlineData("EXPIRED", MessageState.Expired)]
    [InlineData("DELETED", MessageState.Deleted)]
    [InlineData("UNDELIV", MessageState.Undeliverable)]
    [InlineData("Undeliverable", MessageState.Undeliverable)]
    [InlineData("ACCEPTD", MessageState.Accepted)]
    [InlineData("UNKNOWN", MessageState.Unknown)]
    [InlineData("REJECTD", MessageState.Rejected)]
    [InlineData("BUFFERED", null)]
    [InlineData("DEL", null)]
    public void States_are_known_by_their_first_letters_and_others_kept_as_written(string word, MessageState? state)
    {
        var receipt = Read($"id:1 stat:{word} err:107");
        Assert.Equal((state, word, "107"), (receipt.State, receipt.Stat, receipt.Error));
    }

    [Fact]
    public void Keys_inside_the_message_do_not_overrule_those_before_it()
    {
        var receipt = Read("id:1 sub:001 dlvrd:000 submit date:2601311200 done date:2601311205 stat:UNDELIV err:00A text:id:2 stat:DELIVRD err:9 fun");
        Assert.Equal(("1", MessageState.Undeliverable, "00A", "id:2 stat:DELIVRD err:9 fun"), (receipt.Id, receipt.State, receipt.Error, receipt.Text));
    }

    [Fact]
    public void Words_that_only_end_like_a_key_are_none() => Assert.Null(Read("id:1 mystat:DELIVRD").Stat);

    [Theory]
    [InlineData("")]
    [InlineData("YES")]
    [InlineData("err:000 text:what")]
    [InlineData("id: ")]
    public void A_text_without_id_and_state_is_no_receipt(string text) => Assert.False(ReceiptText.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_the_form_of_the_appendix()
    {
        var receipt = new ReceiptText
        {
            Id = "mabc",
            SubmitDate = At(12, 0),
            DoneDate = At(12, 5),
            State = MessageState.Expired,
            Text = "a text of more than twenty characters",
        };
        Assert.Equal(
            "id:mabc sub:001 dlvrd:000 submit date:2601311200 done date:2601311205 stat:EXPIRED err:000 text:a text of more than ",
            receipt.Format());
        Assert.Contains("dlvrd:001", new ReceiptText { Id = "1", State = MessageState.Delivered }.Format(), StringComparison.Ordinal);
        Assert.Equal(receipt.Format(), Read(receipt.Format()) with { Text = receipt.Text } is var again ? again.Format() : "");
    }

    private static ReceiptText Read(string text)
    {
        Assert.True(ReceiptText.TryParse(text, out var receipt));
        return receipt;
    }

    private static DateTime At(int hour, int minute) => new(2026, 1, 31, hour, minute, 0);
}
