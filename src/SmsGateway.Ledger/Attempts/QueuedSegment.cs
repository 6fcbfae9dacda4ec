namespace SmsGateway.Ledger;

/// <summary>One segment that waits in <c>queue</c>, with all that a <c>submit_sm</c> needs. Immutable.</summary>
public sealed record QueuedSegment
{
    /// <summary>Which segment.</summary>
    public required SegmentKey Key { get; init; }

    /// <summary>The number its next attempt gets, from 1.</summary>
    public required short Attempt { get; init; }

    /// <summary>The account's name.</summary>
    public required string Account { get; init; }

    /// <summary>Connectors in order of preference.</summary>
    public required IReadOnlyList<string> Route { get; init; }

    /// <summary>The lane the row waits in: the first of the route, or where it was sent back from.</summary>
    public required string Connector { get; init; }

    /// <summary>For a message of several parts the connector of an earlier attempt of any of its parts: never changed in mid-message. Null = free.</summary>
    public string? PinnedConnector { get; init; }

    /// <summary>Priority.</summary>
    public required Priority Priority { get; init; }

    /// <summary>Order of arrival; 0 when it comes straight from a claim.</summary>
    public long Seq { get; init; }

    /// <summary>Not to be attempted earlier.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Not to be attempted later.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Segments of the whole message.</summary>
    public required short Parts { get; init; }

    /// <summary>Local failures so far (attempts that ended <c>not_sent</c> and were counted).</summary>
    public short Failures { get; init; }

    /// <summary>Source address.</summary>
    public required string Sender { get; init; }

    /// <summary>Destination, digits only.</summary>
    public required string Destination { get; init; }

    /// <summary>SMPP data_coding.</summary>
    public required byte DataCoding { get; init; }

    /// <summary>SMPP esm_class.</summary>
    public required byte EsmClass { get; init; }

    /// <summary>SMPP protocol_id.</summary>
    public required byte ProtocolId { get; init; }

    /// <summary>Which receipts the account is owed; what is asked of the carrier is the connector's matter.</summary>
    public required RegisteredReceipts Registered { get; init; }

    /// <summary>The segment's octets as on the wire, UDH included.</summary>
    public required byte[] Payload { get; init; }
}
