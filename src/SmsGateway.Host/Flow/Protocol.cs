using System.Text.Json.Serialization;

namespace SmsGateway.Host.Flow;

/// <summary>The protocol a customer speaks; the number is the one stored in the ledger.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Protocol>))]
internal enum Protocol : byte
{
    [JsonStringEnumMemberName("http")] Http = 1,
    [JsonStringEnumMemberName("smpp")] Smpp = 2,
}
