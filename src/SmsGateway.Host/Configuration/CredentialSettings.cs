using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>One password of an account. The name tells an operator which one it is; it is no login.</summary>
internal sealed record CredentialSettings
{
    public required string Name { get; init; }

    /// <summary>In clear, only in a document on its way in; replaced by the hash before anything is stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Password { get; init; }

    /// <summary><c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, see Security.PasswordHash.</summary>
    public string? PasswordHash { get; init; }
}
