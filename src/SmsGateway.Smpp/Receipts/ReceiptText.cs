using System.Globalization;

namespace SmsGateway.Smpp.Receipts;

/// <summary>The text of a delivery receipt. SMPP 3.4, Appendix B: vendor specific, so nothing in it is certain.</summary>
public sealed record ReceiptText
{
    private const int TextLength = 20;

    /// <summary>The sender's id of the message, as written; null where absent.</summary>
    public string? Id { get; init; }

    /// <summary>Messages submitted.</summary>
    public int? Submitted { get; init; }

    /// <summary>Messages delivered.</summary>
    public int? Delivered { get; init; }

    /// <summary>Submit date in the sender's local time.</summary>
    public DateTime? SubmitDate { get; init; }

    /// <summary>Time of the state in the sender's local time.</summary>
    public DateTime? DoneDate { get; init; }

    /// <summary>The state where it was recognised, by its word or by its first letters.</summary>
    public MessageState? State { get; init; }

    /// <summary>The word of the state, as written.</summary>
    public string? Stat { get; init; }

    /// <summary>Error code of the network or the sender, as written; often three digits, not always.</summary>
    public string? Error { get; init; }

    /// <summary>The first characters of the message, where given.</summary>
    public string? Text { get; init; }

    /// <summary>Reads a receipt by its keys, in any order and spelling.</summary>
    /// <param name="text">The text.</param>
    /// <param name="receipt">What was found.</param>
    /// <returns>False when it has neither an id nor a state.</returns>
    public static bool TryParse(string text, out ReceiptText receipt)
    {
        var fields = ReceiptFields.Find(text);
        var stat = fields.Word(ReceiptFields.Stat);
        receipt = new ReceiptText
        {
            Id = fields.Word(ReceiptFields.Id),
            Submitted = fields.Number(ReceiptFields.Sub),
            Delivered = fields.Number(ReceiptFields.Dlvrd),
            SubmitDate = ReceiptDate.Parse(fields.Value(ReceiptFields.SubmitDate)),
            DoneDate = ReceiptDate.Parse(fields.Value(ReceiptFields.DoneDate)),
            Stat = stat,
            State = MessageStates.OfWord(stat),
            Error = fields.Word(ReceiptFields.Err),
            Text = fields.Value(ReceiptFields.Text),
        };
        return receipt.Id is not null || receipt.Stat is not null;
    }

    /// <summary>Writes the form of Appendix B: absent numbers as 001 or 000, dates to the minute, at most 20 characters of text.</summary>
    public string Format()
    {
        var delivered = Delivered ?? (State == MessageState.Delivered ? 1 : 0);
        var done = DoneDate ?? SubmitDate;
        var submit = SubmitDate ?? DoneDate;
        var text = Text ?? "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id:{Id} sub:{Submitted ?? 1:000} dlvrd:{delivered:000} submit date:{submit:yyMMddHHmm} done date:{done:yyMMddHHmm} ")
            + $"stat:{Stat ?? MessageStates.WordOf(State ?? MessageState.Unknown)} err:{Error ?? "000"} text:{(text.Length > TextLength ? text[..TextLength] : text)}";
    }
}
