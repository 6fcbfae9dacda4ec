using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>What an account may do over SMPP.</summary>
internal sealed record AccountSmppSettings
{
    public bool Enabled { get; init; } = true;

    /// <summary>Requests unanswered on one bind, in each direction.</summary>
    public int Window { get; init; } = 10;

    /// <summary>Binds of this account on one node.</summary>
    public int BindsPerNode { get; init; } = 8;

    /// <summary>The same content without a client message id within this time of the first is answered with the first's id and not sent; null = off. Not written when null: the
    /// version before does not know it, and refuses a document with what it does not know.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? DuplicateWindow { get; init; }
}
