namespace SmsGateway.Smpp.Receipts;

/// <summary>The text of a delivery receipt. SMPP 3.4, Appendix B: vendor specific, so nothing in it is certain.</summary>
public sealed record ReceiptText
{
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
    public static bool TryParse(string text, out ReceiptText receipt) => throw new NotImplementedException();

    /// <summary>Writes the form of Appendix B: absent numbers as 000 or 001, dates to the minute, 20 characters of text.</summary>
    public string Format() => throw new NotImplementedException();
}
