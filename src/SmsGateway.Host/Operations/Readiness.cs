namespace SmsGateway.Host.Operations;

// Whether this node wants traffic. A load balancer reads it from /health/ready; the stop order turns it off first.
internal sealed class Readiness
{
    private volatile bool _draining;
    private volatile bool _started;

    /// <summary>True once all rooms are up.</summary>
    public bool Started => _started;

    /// <summary>True from the first step of a stop on.</summary>
    public bool Draining => _draining;

    public void MarkStarted() => _started = true;

    public void MarkDraining() => _draining = true;
}
