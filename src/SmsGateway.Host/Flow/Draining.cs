namespace SmsGateway.Host.Flow;

// Whether this node still accepts. Set once, by the stop order.
internal sealed class Draining
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    /// <summary>Raised once. Handlers must be quick and must not throw.</summary>
    public event Action? Begun;

    public void Begin()
    {
        _isDraining = true;
        Begun?.Invoke();
    }
}
