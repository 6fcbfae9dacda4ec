namespace SmsGateway.Simulator.Carrier;

// The binds that are up. Copied on every change, so that readers on hot paths take no lock.
internal sealed class BindRegistry
{
    private readonly Lock _gate = new();
    private volatile CarrierBind[] _all = [];
    private volatile CarrierBind[] _receiving = [];

    /// <summary>Every bind that is up.</summary>
    public CarrierBind[] All => _all;

    /// <summary>Those that deliver_sm may go over.</summary>
    public CarrierBind[] Receiving => _receiving;

    public void Add(CarrierBind bind) => Change(binds => [.. binds, bind]);

    public void Remove(CarrierBind bind) => Change(binds => Array.FindAll(binds, b => b != bind));

    public CarrierBind? Find(string name) => Array.Find(_all, b => b.Name.Equals(name, StringComparison.Ordinal));

    private void Change(Func<CarrierBind[], CarrierBind[]> change)
    {
        lock (_gate)
        {
            _all = change(_all);
            _receiving = Array.FindAll(_all, b => b.Receives);
        }
    }
}
