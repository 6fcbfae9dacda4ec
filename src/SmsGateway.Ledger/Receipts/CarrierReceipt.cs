namespace SmsGateway.Ledger;

/// <summary>A delivery receipt as a carrier sent it, parsed.</summary>
public sealed record CarrierReceipt
{
    /// <summary>The connector it came in by.</summary>
    public required string Connector { get; init; }

    /// <summary>The carrier's id of the message, normalised by the connector's quirks.</summary>
    public required string CarrierMessageId { get; init; }

    /// <summary>source_addr of the receipt: the handset.</summary>
    public required string Source { get; init; }

    /// <summary>destination_addr of the receipt: the sender of the MT.</summary>
    public required string Destination { get; init; }

    /// <summary>message_state.</summary>
    public required ReceiptState State { get; init; }

    /// <summary>The service's result code for it.</summary>
    public short ResultCode { get; init; }

    /// <summary>The carrier's error (<c>err:</c> field or TLV 0x0423 as text); null when there is none.</summary>
    public string? Error { get; init; }

    /// <summary>When the state was reached, as the carrier says; else when the receipt came in.</summary>
    public required DateTimeOffset DoneAt { get; init; }

    /// <summary>When it came in.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>data_coding of the receipt.</summary>
    public byte DataCoding { get; init; }

    /// <summary>esm_class of the receipt.</summary>
    public byte EsmClass { get; init; }

    /// <summary>Its text, unmodified.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Hash of the PDU's body without the sequence number: the identical one again is a duplicate.</summary>
    public required Guid BodyHash { get; init; }
}

/// <summary>What became of a receipt.</summary>
public enum ReceiptVerdict : byte
{
    /// <summary>Matched to an attempt, recorded, and owed to the account where it asked for it.</summary>
    Matched = 1,

    /// <summary>The identical one was recorded before.</summary>
    Duplicate = 2,

    /// <summary>No attempt has this carrier id yet: kept, looked at again when one does.</summary>
    Parked = 3,
}
