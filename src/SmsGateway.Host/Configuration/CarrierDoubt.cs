using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>What becomes of a submit that may or may not have reached the carrier.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoubtPolicy>))]
internal enum DoubtPolicy
{
    /// <summary>It is listed and waits for evidence, an operator, or the end of its validity. No duplicates.</summary>
    [JsonStringEnumMemberName("hold")] Hold,

    /// <summary>It is sent again once its socket can have drained, marked as a possible duplicate.</summary>
    [JsonStringEnumMemberName("resend")] Resend,
}

/// <summary>The policy for each priority class of one carrier.</summary>
internal sealed record CarrierDoubt
{
    [JsonPropertyName("BULK_LOW")]
    public DoubtPolicy BulkLow { get; init; }

    [JsonPropertyName("BULK")]
    public DoubtPolicy Bulk { get; init; }

    [JsonPropertyName("INTERACTIVE_LOW")]
    public DoubtPolicy InteractiveLow { get; init; }

    [JsonPropertyName("INTERACTIVE")]
    public DoubtPolicy Interactive { get; init; }

    public DoubtPolicy Of(Priority priority) => priority switch
    {
        Priority.BulkLow => BulkLow,
        Priority.Bulk => Bulk,
        Priority.InteractiveLow => InteractiveLow,
        _ => Interactive,
    };

    public static CarrierDoubt All(DoubtPolicy policy) => new() { BulkLow = policy, Bulk = policy, InteractiveLow = policy, Interactive = policy };
}
