using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What this node may do now, in one place: its mode, whether it stops, whether it holds its lease. Read on every path, so it
// costs a few volatile reads. LeaseLoop looks at it once per pass, so that nobody has to poll for a change.
internal sealed class NodeStance
{
    private readonly NodeLease _lease;
    private readonly NodeDirectory _directory;
    private readonly Draining _draining;
    private readonly Lock _gate = new();
    private (NodeMode Mode, bool IsStopping, bool HoldsLease)? _seen;

    public NodeStance(NodeLease lease, NodeDirectory directory, Draining draining)
    {
        (_lease, _directory, _draining) = (lease, directory, draining);
        draining.Begun += Look;
    }

    /// <summary>Raised after anything below changed; at most a second late for a lease that ran out. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>The more restrictive of the node's and its site's mode.</summary>
    public NodeMode Mode => _directory.Mode;

    /// <summary>Mode hot and not stopping: customers may bind and hand in.</summary>
    public bool Accepts => _directory.Mode == NodeMode.Hot && !_draining.IsDraining;

    /// <summary>Accepts, and the lease is valid: new attempts and pushes may be made.</summary>
    public bool Emits => Accepts && _lease.IsValid;

    /// <summary>Why <see cref="Accepts"/> is false, for a customer: the mode's word, or stopping. Empty while it accepts.</summary>
    public string Word => _draining.IsDraining ? "stopping" : Mode == NodeMode.Hot ? "" : Mode.Word();

    /// <summary>Compares with what was seen last and tells of a change.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            var now = (_directory.Mode, _draining.IsDraining, _lease.IsValid);
            if (_seen == now)
            {
                return;
            }

            _seen = now;
        }

        Changed?.Invoke();
    }
}
