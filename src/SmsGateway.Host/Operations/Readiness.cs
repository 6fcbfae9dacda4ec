namespace SmsGateway.Host.Operations;

// Whether all rooms of this node are up. A load balancer reads it, among others, from /health/ready.
internal sealed class Readiness
{
    private volatile bool _started;

    public bool Started => _started;

    /// <summary>Program calls it when the last listener is open.</summary>
    public void MarkStarted() => _started = true;
}
