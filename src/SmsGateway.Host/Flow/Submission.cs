using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>One MT as an edge hands it in: syntax checked, account authenticated, sender enabled. Everything else is Acceptance's.</summary>
internal sealed record Submission
{
    public required AccountSettings Account { get; init; }

    public required Protocol Protocol { get; init; }

    /// <summary>message_id (HTTP) or TLV 0x1402 (SMPP), up to 64 characters; null = no key, never a duplicate.</summary>
    public string? ClientMessageId { get; init; }

    /// <summary>Set when the client segmented the message itself; it belongs to the key.</summary>
    public ConcatPart? Part { get; init; }

    /// <summary>A number, short code or alphanumeric sender, as enabled on the account.</summary>
    public required string Sender { get; init; }

    /// <summary>International digits without a leading plus.</summary>
    public required string Destination { get; init; }

    /// <summary>The connector the client asked for; trusted, no other is tried.</summary>
    public string? CarrierAsked { get; init; }

    /// <summary>Null = none asked for. It belongs to the content that makes two submissions the same; the account's default does not.</summary>
    public Priority? PriorityAsked { get; init; }

    public Priority Priority => PriorityAsked ?? Account.DefaultPriority;

    public RegisteredReceipts Registered { get; init; }

    public string? AppId { get; init; }

    public string? ConversationId { get; init; }

    /// <summary>End of validity; null = the account's default from the moment of acceptance.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>HTTP: the text, to be segmented. Null for SMPP, which brings <see cref="Payload"/>.</summary>
    public string? Text { get; init; }

    /// <summary>SMPP pass-through: short_message or message_payload as received, UDH included.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    public byte DataCoding { get; init; }

    public byte EsmClass { get; init; }

    public byte ProtocolId { get; init; }
}
