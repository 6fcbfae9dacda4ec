namespace SmsGateway.Ledger;

/// <summary>How an attempt ended. Stored as these numbers.</summary>
public enum AttemptEndKind : byte
{
    /// <summary>The carrier took it and gave its id.</summary>
    Answered = 1,

    /// <summary>The carrier refused it.</summary>
    Refused = 2,

    /// <summary>No octet of it went to the socket writer.</summary>
    NotSent = 3,

    /// <summary>In doubt, and sent again under a policy or by an operator.</summary>
    Resend = 4,

    /// <summary>In doubt, and given up.</summary>
    GivenUp = 5,
}

/// <summary>Puts the segment back into the queue, under whoever owns it now, with the next attempt number.</summary>
/// <param name="DueAt">Not before this.</param>
/// <param name="CountsAsFailure">Adds one to its local failures (three park it).</param>
/// <param name="Connector">The lane to wait in; null = the connector of the attempt that ended.</param>
public sealed record Requeue(DateTimeOffset DueAt, bool CountsAsFailure, string? Connector = null);

/// <summary>The segment is finished by the gateway: a receipt of origin gateway is written, and owed to the account where it asked for it.</summary>
/// <param name="State">A final state, or <see cref="ReceiptState.Unknown"/>.</param>
/// <param name="ResultCode">The result code of the service (model service, table 7.3).</param>
/// <param name="Error">The carrier's error as text for the receipt, null when there is none.</param>
public sealed record FinalRefusal(ReceiptState State, short ResultCode, string? Error);

/// <summary>The end of one attempt. At most one of <see cref="Requeue"/> and <see cref="Final"/>.</summary>
public sealed record AttemptOutcome
{
    /// <summary>Which attempt.</summary>
    public required AttemptKey Key { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptEndKind Kind { get; init; }

    /// <summary>The connector it was made on.</summary>
    public required string Connector { get; init; }

    /// <summary>The bind it was made on.</summary>
    public required string Bind { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset AttemptedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>command_status of the answer (SMPP 3.4, 5.1.3), 0 when OK or none came.</summary>
    public uint CommandStatus { get; init; }

    /// <summary>The carrier's id, normalised by the connector's quirks; null when it gave none.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>Set when the segment is to be tried again.</summary>
    public Requeue? Requeue { get; init; }

    /// <summary>Set when the refusal is final.</summary>
    public FinalRefusal? Final { get; init; }
}

/// <summary>What became of an outcome.</summary>
public enum OutcomeVerdict : byte
{
    /// <summary>It ended the attempt.</summary>
    Ended = 1,

    /// <summary>The attempt had ended before; kept as evidence.</summary>
    Evidence = 2,

    /// <summary>Nothing to record: it was recorded before, or a local end found no open attempt.</summary>
    Unchanged = 3,
}
