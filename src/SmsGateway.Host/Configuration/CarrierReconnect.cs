namespace SmsGateway.Host.Configuration;

/// <summary>Pause before the next try to bind: doubles from First to Max, with jitter.</summary>
internal sealed record CarrierReconnect
{
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(30);
}
