namespace SmsGateway.Smpp.Receipts;

/// <summary>The words of message states. SMPP 3.4, Appendix B.</summary>
public static class MessageStates
{
    /// <summary>The word of a state in a receipt text.</summary>
    /// <param name="state">The state.</param>
    public static string WordOf(MessageState state) => state switch
    {
        MessageState.Enroute => "ENROUTE",
        MessageState.Delivered => "DELIVRD",
        MessageState.Expired => "EXPIRED",
        MessageState.Deleted => "DELETED",
        MessageState.Undeliverable => "UNDELIV",
        MessageState.Accepted => "ACCEPTD",
        MessageState.Rejected => "REJECTD",
        _ => "UNKNOWN",
    };

    /// <summary>The state behind a word, by its first five letters: DELIVRD, Delivered and DELIV are the same.</summary>
    /// <param name="word">The word, in any case.</param>
    /// <returns>Null when it is none of the specification's.</returns>
    public static MessageState? OfWord(string? word) => word is not { Length: >= 5 } ? null : word[..5].ToUpperInvariant() switch
    {
        "ENROU" => MessageState.Enroute,
        "DELIV" => MessageState.Delivered,
        "EXPIR" => MessageState.Expired,
        "DELET" => MessageState.Deleted,
        "UNDEL" => MessageState.Undeliverable,
        "ACCEP" => MessageState.Accepted,
        "UNKNO" => MessageState.Unknown,
        "REJEC" => MessageState.Rejected,
        _ => null,
    };
}
