using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>One bind for both directions, or one for each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CarrierBindType>))]
internal enum CarrierBindType
{
    [JsonStringEnumMemberName("transceiver")] Transceiver,
    [JsonStringEnumMemberName("transmitterReceiver")] TransmitterReceiver,
}
