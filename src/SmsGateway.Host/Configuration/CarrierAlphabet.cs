using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>The SMSC default alphabet of a carrier.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CarrierAlphabet>))]
internal enum CarrierAlphabet
{
    [JsonStringEnumMemberName("gsm0338")] Gsm0338,
    [JsonStringEnumMemberName("latin1")] Latin1,
    [JsonStringEnumMemberName("utf8")] Utf8,
}
