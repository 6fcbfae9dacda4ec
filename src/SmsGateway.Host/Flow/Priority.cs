using System.Text.Json.Serialization;

namespace SmsGateway.Host.Flow;

/// <summary>Priority of an MT, lowest first; the number is the one stored in the ledger. Words as printed in the model service, section 5.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Priority>))]
internal enum Priority : byte
{
    [JsonStringEnumMemberName("BULK_LOW")] BulkLow = 0,
    [JsonStringEnumMemberName("BULK")] Bulk = 1,
    [JsonStringEnumMemberName("INTERACTIVE_LOW")] InteractiveLow = 2,
    [JsonStringEnumMemberName("INTERACTIVE")] Interactive = 3,
}
