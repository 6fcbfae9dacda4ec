namespace SmsGateway.Host.Esme;

// What all connections of this node have under way together.
internal sealed class EsmeLoad
{
    /// <summary>Connections, bound or not.</summary>
    public InFlightCount Connections { get; } = new();

    /// <summary>submit_sm read and not yet answered.</summary>
    public InFlightCount Submits { get; } = new();

    /// <summary>deliver_sm offered and not yet answered; overdue ones do not count.</summary>
    public InFlightCount Deliveries { get; } = new();
}
