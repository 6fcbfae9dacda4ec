namespace SmsGateway.Ledger;

/// <summary>State of an MT, derived (design: accepted, submitting, submitted, then what the receipts say).</summary>
public enum MtState : byte
{
    /// <summary>Waits in the queue.</summary>
    Accepted,

    /// <summary>An attempt is open: on its way to the carrier, or in doubt.</summary>
    Submitting,

    /// <summary>The carrier has it.</summary>
    Submitted,

    /// <summary>Delivered.</summary>
    Delivered,

    /// <summary>Undeliverable.</summary>
    Undeliverable,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Rejected.</summary>
    Rejected,

    /// <summary>Deleted.</summary>
    Deleted,

    /// <summary>Unknown.</summary>
    Unknown,

    /// <summary>Parked with a reason; an operator decides.</summary>
    Parked,
}

/// <summary>The row of a message. Numbers are whole: whoever shows them masks them.</summary>
public sealed record EntryInfo(
    MessageId Id, DateOnly Day, string Account, Protocol Protocol, string? ClientMessageId, string? AppId, string? ConversationId,
    string Sender, string? Destination, string? CarrierAsked, IReadOnlyList<string> Route, Priority Priority, RegisteredReceipts Registered,
    byte DataCoding, short Parts, DateTimeOffset AcceptedAt, DateTimeOffset ValidUntil, decimal? Price, decimal? Cost, string? Currency,
    short Node, long Epoch);

/// <summary>An attempt, open or ended.</summary>
public sealed record AttemptInfo(
    short Segment, short Number, string Connector, string Bind, short Node, long Epoch, DateTimeOffset At, DateTimeOffset? EndedAt,
    AttemptEndKind? End, uint CommandStatus, string? CarrierMessageId, bool IsEvidence);

/// <summary>A recorded receipt.</summary>
public sealed record ReceiptInfo(
    short Segment, short Number, ReceiptState State, short ResultCode, string? Error, DateTimeOffset DoneAt, DateTimeOffset At, bool FromGateway);

/// <summary>A delivery, owed or ended.</summary>
public sealed record DeliveryInfo(
    Guid Id, DeliveryKind Kind, ReceiptState? State, short Offers, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? EndedAt,
    DeliveryEndKind? End, string? Target);

/// <summary>One segment and the state derived for it.</summary>
public sealed record SegmentInfo(short Segment, MtState State, DateTimeOffset? QueuedUntil, string? Connector, short NextAttempt);

/// <summary>Everything the ledger knows of one message.</summary>
public sealed record MessageTrace(
    EntryInfo Entry, MtState State, IReadOnlyList<SegmentInfo> Segments, IReadOnlyList<AttemptInfo> Attempts,
    IReadOnlyList<ReceiptInfo> Receipts, IReadOnlyList<DeliveryInfo> Deliveries)
{
    /// <summary>A segment of it was sent again while the carrier may have had it: it may have reached the handset twice.</summary>
    public bool PossibleDuplicate => Attempts.Any(attempt => attempt.End == AttemptEndKind.Resend);
}

/// <summary>An attempt without an end.</summary>
/// <param name="Key">Which.</param>
/// <param name="Account">The account.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Bind">The bind.</param>
/// <param name="NodeName">The owner's name.</param>
/// <param name="Epoch">The epoch it was made in.</param>
/// <param name="EpochIsGone">Its epoch is not the owner's present one: in doubt.</param>
/// <param name="BindIsGone">Its node's last telling of its binds, up to a few seconds old, is without this one: in doubt, unless it was begun since.</param>
/// <param name="At">When it was begun.</param>
/// <param name="ValidUntil">End of validity.</param>
/// <param name="Destination">The handset's number, whole; null when its text was erased.</param>
public sealed record OpenAttempt(
    AttemptKey Key, string Account, string Connector, string Bind, string NodeName, long Epoch, bool EpochIsGone, bool BindIsGone, DateTimeOffset At,
    DateTimeOffset ValidUntil, string? Destination)
{
    /// <summary>Its priority.</summary>
    public Priority Priority { get; init; }

    /// <summary>How long its epoch has been gone for certain, by the ledger's clock; null while it is the present one.</summary>
    public TimeSpan? GoneFor { get; init; }

    /// <summary>The owner's number.</summary>
    public short Owner { get; init; }

    /// <summary>Records in the owner's journal that are not in the ledger yet, as it last told: the end of this attempt may be among them.</summary>
    public long Held { get; init; }

    /// <summary>The same as a doubt that can be decided.</summary>
    public Doubt AsDoubt() => new(Key, Connector, Bind, At, Owner, Epoch, Priority, ValidUntil, GoneFor);
}

/// <summary>Something on the parked list.</summary>
public sealed record ParkedItem(
    Guid Id, string Kind, string Reason, string? Connector, string? Account, MessageId? EntryId, DateTimeOffset At, int RawLength);

/// <summary>Rows that are open now, in the whole installation.</summary>
public sealed record OpenCounts(long Queued, long OpenAttempts, long Deliveries, long ParkedReceipts, long Parked);
