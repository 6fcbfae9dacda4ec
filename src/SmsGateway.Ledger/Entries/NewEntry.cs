namespace SmsGateway.Ledger;

/// <summary>The first attempt that is claimed together with its entry (fast path): the slot is already reserved.</summary>
/// <param name="Connector">Name of the connector.</param>
/// <param name="Bind">Name of the bind, <c>carrier@node#n</c>.</param>
public sealed record FirstAttempt(string Connector, string Bind);

/// <summary>A message to be claimed: entry, text and segments as they go to the wire. Immutable, so that a retry writes the same.</summary>
public sealed record NewEntry
{
    /// <summary>The id: the key for a keyed message, a UUIDv7 otherwise (<see cref="MessageKeys"/>).</summary>
    public required Guid Id { get; init; }

    /// <summary>Whether <see cref="Id"/> is a key that other submissions may carry too.</summary>
    public required bool Keyed { get; init; }

    /// <summary>Hash of what makes two submissions the same content (<see cref="MessageKeys.ContentHash"/>). Unused when not keyed.</summary>
    public Guid ContentHash { get; init; }

    /// <summary>
    /// What to compare with others of the account where it asked that the same content within <see cref="ContentWindow"/> is not sent twice
    /// (<see cref="MessageKeys.ForContent"/>); null = nothing. Only for what is not keyed.
    /// </summary>
    public Guid? ContentKey { get; init; }

    /// <summary>How long after the first the same content is its repeat.</summary>
    public TimeSpan ContentWindow { get; init; }

    /// <summary>Random per submission and the same over its retries: how a retry after an unknown COMMIT recognises itself.</summary>
    public long Nonce { get; init; } = Random.Shared.NextInt64();

    /// <summary>The account's name.</summary>
    public required string Account { get; init; }

    /// <summary>How the message came in; its receipts go out the same way where that is possible.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The client's own id, up to 64 characters; null when it gave none.</summary>
    public string? ClientMessageId { get; init; }

    /// <summary>Echoed in receipts; null when not given.</summary>
    public string? AppId { get; init; }

    /// <summary>Echoed in receipts; null when not given.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Source address as submitted.</summary>
    public required string Sender { get; init; }

    /// <summary>Destination, digits only, international.</summary>
    public required string Destination { get; init; }

    /// <summary>The carrier the client asked for; null when it named none.</summary>
    public string? CarrierAsked { get; init; }

    /// <summary>Connectors in order of preference, at least one; the first is the home of the queue rows.</summary>
    public required IReadOnlyList<string> Route { get; init; }

    /// <summary>Priority.</summary>
    public required Priority Priority { get; init; }

    /// <summary>Which receipts are owed.</summary>
    public required RegisteredReceipts Registered { get; init; }

    /// <summary>SMPP data_coding of the segments (3.4, 5.2.19).</summary>
    public required byte DataCoding { get; init; }

    /// <summary>SMPP esm_class of the segments, UDH indicator included (3.4, 5.2.12).</summary>
    public byte EsmClass { get; init; }

    /// <summary>SMPP protocol_id (3.4, 5.2.13).</summary>
    public byte ProtocolId { get; init; }

    /// <summary>One payload per segment, as on the wire including a UDH; at least one.</summary>
    public required IReadOnlyList<byte[]> Payloads { get; init; }

    /// <summary>When the node took the message; its UTC day is the partition.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>After this nothing is attempted any more; the message expires.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>What the account pays per segment; null when the route names no price.</summary>
    public decimal? Price { get; init; }

    /// <summary>What the carrier costs per segment; null when the route names no cost.</summary>
    public decimal? Cost { get; init; }

    /// <summary>ISO 4217 code, three letters; null when there is neither price nor cost.</summary>
    public string? Currency { get; init; }

    /// <summary>Set for the fast path (single segment, slot reserved): the attempt is written with the entry and no queue row exists.</summary>
    public FirstAttempt? FirstAttempt { get; init; }

    /// <summary>UTC day of <see cref="AcceptedAt"/>.</summary>
    public DateOnly Day => DateOnly.FromDateTime(AcceptedAt.UtcDateTime);

    /// <summary>Number of segments.</summary>
    public short Parts => (short)Payloads.Count;

    /// <summary>The segment as the queue would give it back, so that an accepted message needs no second read.</summary>
    /// <param name="segment">1-based segment number.</param>
    public QueuedSegment ToQueued(short segment) => new()
    {
        Key = new SegmentKey(Id, Day, segment),
        Attempt = 1,
        Account = Account,
        Route = Route,
        Connector = FirstAttempt?.Connector ?? Route[0],
        Priority = Priority,
        DueAt = AcceptedAt,
        ValidUntil = ValidUntil,
        Parts = Parts,
        Sender = Sender,
        Destination = Destination,
        DataCoding = DataCoding,
        EsmClass = EsmClass,
        ProtocolId = ProtocolId,
        Registered = Registered,
        Payload = Payloads[segment - 1],
    };
}
