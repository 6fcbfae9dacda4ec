using System.Collections.Frozen;
using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>A customer. Its name is the HTTP login and the SMPP system_id.</summary>
internal sealed record AccountSettings
{
    private readonly FrozenSet<string> _senders = FrozenSet<string>.Empty;

    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>All of them are valid at the same time, so that a password can be changed without an interruption.</summary>
    public IReadOnlyList<CredentialSettings> Credentials { get; init; } = [];

    /// <summary>Numbers, short codes and alphanumeric senders this account may use; compared octet by octet.</summary>
    public IReadOnlyList<string> Senders
    {
        get;
        init
        {
            field = value;
            _senders = value.ToFrozenSet(StringComparer.Ordinal);
        }
    } = [];

    /// <summary>Where MOs and receipts go by HTTP; null = binds only.</summary>
    public Uri? CallbackUrl { get; init; }

    /// <summary>Key of the HMAC-SHA256 signature of callbacks; null = unsigned.</summary>
    public string? CallbackSecret { get; init; }

    /// <summary>Whether an HTTP MT may come without message_id; it then has no key and is never a duplicate.</summary>
    public bool MessageIdOptional { get; init; }

    public Priority DefaultPriority { get; init; } = Priority.Bulk;

    public DefaultEncoding DefaultEncoding { get; init; } = DefaultEncoding.Utf8;

    public AccountSmppSettings Smpp { get; init; } = new();

    /// <summary>MTs per second over all protocols on one node; null = no limit.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>Segments that wait in one node's memory and are not yet written to a carrier; what full lanes (Flow:LaneCapacity) left to the ledger is not counted.
    /// Null = no limit of the account's own.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>Parts one message may be segmented into, 1 to 255.</summary>
    public int MaxParts { get; init; } = 10;

    /// <summary>How long an MT that names no validity is tried.</summary>
    public TimeSpan DefaultValidity { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Whether its MTs are taken into the node's journal while the ledger is away; false refuses them at once.</summary>
    [JsonIgnore]
    public bool Hold { get; init; } = true;

    /// <summary>As it is written: only where it is off, because the version before refuses what it does not know.</summary>
    [JsonPropertyName("hold")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HoldWhereOff => Hold ? null : false;

    public bool AllowsSender(string sender) => _senders.Contains(sender);
}
