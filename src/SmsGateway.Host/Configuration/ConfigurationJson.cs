using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>From records to JSON: always the same order and spelling, so that equal configurations have equal hashes.</summary>
internal static class ConfigurationJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<Priority>(JsonNamingPolicy.SnakeCaseUpper), new JsonStringEnumConverter<Protocol>(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>The canonical form: what is stored and hashed.</summary>
    public static string Canonical(ConfigurationDocument document) => JsonSerializer.Serialize(document, Compact);

    /// <summary>For people; reads back to the same document.</summary>
    public static string Readable(ConfigurationDocument document) => JsonSerializer.Serialize(document, Indented);

    /// <returns>64 hexadecimal digits, lower case.</returns>
    public static string Hash(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
}
