namespace SmsGateway.Host.Flow;

// Whether this node still accepts. Set once, by the stop order.
internal sealed class Draining
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public void Begin() => _isDraining = true;
}
