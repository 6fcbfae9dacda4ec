using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>How a carrier writes its message ids; the two notations of one carrier may differ.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdNotation>))]
internal enum IdNotation
{
    /// <summary>Opaque; compared as it is.</summary>
    [JsonStringEnumMemberName("text")] Text,

    [JsonStringEnumMemberName("decimal")] Decimal,

    [JsonStringEnumMemberName("hex")] Hex,
}
