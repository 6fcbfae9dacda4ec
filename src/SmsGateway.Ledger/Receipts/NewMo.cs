namespace SmsGateway.Ledger;

/// <summary>A mobile-originated message as a carrier sent it.</summary>
public sealed record NewMo
{
    /// <summary>Its id where no carrier key gives one, fixed by who took it, so that recording it again is safe; null = the ledger makes one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The connector it came in by.</summary>
    public required string Connector { get; init; }

    /// <summary>The account that owns the number; null when none does (it is parked as unroutable).</summary>
    public required string? Account { get; init; }

    /// <summary>How the number wants it delivered.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The carrier's id of the MO where its connector names a TLV for it: with the same content it is a repeat. Null = none.</summary>
    public string? CarrierKey { get; init; }

    /// <summary>Hash of the PDU's body without the sequence number.</summary>
    public required Guid BodyHash { get; init; }

    /// <summary>The handset.</summary>
    public required string Source { get; init; }

    /// <summary>The number it was sent to.</summary>
    public required string Destination { get; init; }

    /// <summary>esm_class.</summary>
    public byte EsmClass { get; init; }

    /// <summary>data_coding.</summary>
    public byte DataCoding { get; init; }

    /// <summary>The payload as on the wire, UDH included.</summary>
    public required byte[] Body { get; init; }

    /// <summary>When it came in.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of an MO.</summary>
public enum MoVerdict : byte
{
    /// <summary>Stored and owed to its account.</summary>
    Stored = 1,

    /// <summary>It came before with the same carrier key and content; nothing is forwarded.</summary>
    Duplicate = 2,

    /// <summary>No account owns the number: stored on the parked list.</summary>
    Unroutable = 3,

    /// <summary>Stored; the same came within ten minutes before, and whether the carrier got that one's answer is not known yet: it waits until it is.</summary>
    Suspected = 4,
}
