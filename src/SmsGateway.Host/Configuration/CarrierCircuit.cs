namespace SmsGateway.Host.Configuration;

/// <summary>After this many failures in a row nothing is offered for a pause, and the next connector of the route is used.</summary>
internal sealed record CarrierCircuit
{
    public int Failures { get; init; } = 20;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}
