using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>What an API key may do; each role includes those before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiRole>))]
internal enum ApiRole
{
    [JsonStringEnumMemberName("viewer")] Viewer,
    [JsonStringEnumMemberName("operator")] Operator,
    [JsonStringEnumMemberName("admin")] Admin,
}
