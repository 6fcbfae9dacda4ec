namespace SmsGateway.Load.Ids;

/// <summary>How one copy of an id was answered.</summary>
internal enum AnswerKind
{
    /// <summary>No answer, or one that says nothing about duplicates.</summary>
    Other,

    /// <summary>Accepted; over SMPP a duplicate looks the same.</summary>
    Accepted,

    /// <summary>Accepted and marked as a duplicate.</summary>
    Duplicate,

    /// <summary>Refused because the id was used for another content: 409, or 0x45.</summary>
    Conflict,
}

/// <summary>One answer; the detail is for the table.</summary>
internal readonly record struct IdAnswer(AnswerKind Kind, string Id, string Detail);
