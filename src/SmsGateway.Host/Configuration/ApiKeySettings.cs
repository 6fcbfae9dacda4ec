using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>One key of the admin interface.</summary>
internal sealed record ApiKeySettings
{
    public required string Name { get; init; }

    public required ApiRole Role { get; init; }

    /// <summary>In clear, only in a document on its way in; replaced by the hash before anything is stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary><c>sha256$SALT$HASH</c>, see Security.ApiKeyHash.</summary>
    public string? KeyHash { get; init; }
}
