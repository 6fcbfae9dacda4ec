namespace SmsGateway.Drills.Play;

// The load tool's counts in the words of the tables.
internal static class Words
{
    public static string Of(string count) => count switch
    {
        "markedDuplicates" => "sent again by decision, marked",
        "receiptsExpected" => "receipts made",
        "receipts" => "receipts received",
        "receiptsLost" => "receipts lost",
        "receiptsRepeated" => "receipts repeated by carriers",
        "receiptsTwice" => "receipts twice",
        "offeredAgain" => "offered again",
        "inDoubt" => "in doubt",
        "inDoubtUnseen" => "in doubt, at no carrier",
        "throttled" => "refused for now, resent",
        "resent" => "unanswered, resent",
        _ => count,
    };
}
