using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>Which command statuses of a carrier's submit_sm_resp pass by waiting. Whatever is not retryable is final.</summary>
internal sealed record CarrierStatuses
{
    /// <summary>Queue full, throttled, system error, receiver temporary error (SMPP 3.4, 5.1.3).</summary>
    public static readonly IReadOnlyList<uint> DefaultRetryable = [0x14, 0x58, 0x08, 0x64];

    [JsonConverter(typeof(CommandStatusListConverter))]
    public IReadOnlyList<uint> Retryable { get; init; } = DefaultRetryable;

    /// <summary>Wins over <see cref="Retryable"/>: takes a status out of the default list without writing the list anew.</summary>
    [JsonConverter(typeof(CommandStatusListConverter))]
    public IReadOnlyList<uint> Final { get; init; } = [];

    public bool IsRetryable(uint status) => Retryable.Contains(status) && !Final.Contains(status);
}
