namespace SmsGateway.Ledger;

/// <summary>The ledger's answer to a claim.</summary>
public enum VerdictKind : byte
{
    /// <summary>New: the entry is durable and this node owns it.</summary>
    Claimed = 1,

    /// <summary>The same key and content were claimed before; nothing is sent.</summary>
    Duplicate = 2,

    /// <summary>The key was claimed before with other content; nothing is sent.</summary>
    Conflict = 3,
}

/// <summary>A verdict, given only after COMMIT. The message id for an OK answer comes from nowhere else.</summary>
public readonly record struct ClaimVerdict
{
    internal ClaimVerdict(VerdictKind kind, Guid id, short parts, bool mayEmit)
    {
        Kind = kind;
        MessageId = new MessageId(id);
        Parts = parts;
        MayEmit = mayEmit;
    }

    /// <summary>Claimed, duplicate or conflict.</summary>
    public VerdictKind Kind { get; }

    /// <summary>The id of the one message behind the key.</summary>
    public MessageId MessageId { get; }

    /// <summary>Segments of that message, as the first answer told.</summary>
    public short Parts { get; }

    /// <summary>
    /// Claimed, and its rows stand under this node's present epoch: the first attempt (fast path) may reach its socket,
    /// or the queued segments may go into the lanes. False: emit nothing, release the slot; the owner finds the rows.
    /// </summary>
    public bool MayEmit { get; }
}
