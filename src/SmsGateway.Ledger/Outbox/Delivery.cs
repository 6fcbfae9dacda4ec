namespace SmsGateway.Ledger;

/// <summary>What a delivery carries. Stored as these numbers.</summary>
public enum DeliveryKind : byte
{
    /// <summary>A receipt (DR).</summary>
    Receipt = 1,

    /// <summary>A mobile-originated message.</summary>
    Mo = 2,
}

/// <summary>How a delivery ended. Stored as these numbers.</summary>
public enum DeliveryEndKind : byte
{
    /// <summary>The client acknowledged it.</summary>
    Acknowledged = 1,

    /// <summary>It was parked with a reason.</summary>
    Parked = 2,

    /// <summary>It was given up (retention ended).</summary>
    GivenUp = 3,
}

/// <summary>One item owed to an account: everything a push needs. Immutable; the delivery id is stable over all offers.</summary>
public sealed record Delivery
{
    /// <summary>The delivery id (TLV 0x1406).</summary>
    public required Guid Id { get; init; }

    /// <summary>The account it is owed to.</summary>
    public required string Account { get; init; }

    /// <summary>Receipt or MO.</summary>
    public required DeliveryKind Kind { get; init; }

    /// <summary>The protocol to prefer: that of its MT, or what its number says.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>Offers so far, as last written.</summary>
    public short Offers { get; init; }

    /// <summary>When it came to be owed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not to be offered earlier by whoever reads it from the outbox.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The message a receipt is about; for an MO its own id.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>UTC day of acceptance of the message.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The segment a receipt is about, 0 when derived; null for an MO.</summary>
    public short? Segment { get; init; }

    /// <summary>The client's own id of the MT; null when it gave none, and for an MO.</summary>
    public string? ClientMessageId { get; init; }

    /// <summary>Echoed; null when not given.</summary>
    public string? AppId { get; init; }

    /// <summary>Echoed; null when not given.</summary>
    public string? ConversationId { get; init; }

    /// <summary>The connector it came in by; null when the gateway itself made the receipt.</summary>
    public string? Connector { get; init; }

    /// <summary>source_addr of the push: the handset.</summary>
    public required string Source { get; init; }

    /// <summary>destination_addr of the push: the account's number or sender.</summary>
    public required string Destination { get; init; }

    /// <summary>message_state; null for an MO.</summary>
    public ReceiptState? State { get; init; }

    /// <summary>Result code; 0 for an MO.</summary>
    public short ResultCode { get; init; }

    /// <summary>The carrier's error text; null when there is none.</summary>
    public string? Error { get; init; }

    /// <summary>When the MT was accepted, or the MO came in.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When the state was reached; null for an MO.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>esm_class as the carrier sent it.</summary>
    public byte EsmClass { get; init; }

    /// <summary>data_coding of <see cref="Body"/>.</summary>
    public byte DataCoding { get; init; }

    /// <summary>The carrier's text or the MO's payload, unmodified; null = the edge writes the receipt text itself (gateway and derived receipts).</summary>
    public byte[]? Body { get; init; }
}

/// <summary>The end of a delivery.</summary>
/// <param name="DeliveryId">Which.</param>
/// <param name="Offers">Offers in all.</param>
/// <param name="Target">Bind name or URL host it went to; null when it went nowhere.</param>
/// <param name="How">How it ended; not <see cref="DeliveryEndKind.Parked"/>, which needs a reason (<see cref="OutboxLedger.ParkAsync"/>).</param>
public readonly record struct DeliveryAck(Guid DeliveryId, short Offers, string? Target, DeliveryEndKind How = DeliveryEndKind.Acknowledged);

/// <summary>A delivery to be offered again later.</summary>
/// <param name="DeliveryId">Which.</param>
/// <param name="DueAt">Not before this.</param>
/// <param name="Offers">Offers so far.</param>
public readonly record struct DeliveryRetry(Guid DeliveryId, DateTimeOffset DueAt, short Offers);
