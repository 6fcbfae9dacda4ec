using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What this node may do now, in one place: its mode, whether it stops, whether it holds its lease. Read on every path, so it
// costs a few volatile reads. LeaseLoop looks at it once per pass, so that nobody has to poll for a change.
internal sealed class NodeStance
{
    private const long SeenHot = long.MaxValue;
    private const long NeverHot = -1;
    private readonly NodeLease _lease;
    private readonly NodeDirectory _directory;
    private readonly Draining _draining;
    private readonly Lock _gate = new();
    private (NodeMode Mode, bool IsStopping, bool HoldsLease)? _seen;

    private readonly TimeSpan _claimGrace;
    private readonly TimeProvider _time;

    // A timestamp, or one of the two below.
    private long _leftHotAt = SeenHot;

    public NodeStance(NodeLease lease, NodeDirectory directory, Draining draining, IOptions<FlowOptions> options, TimeProvider time)
    {
        (_lease, _directory, _draining, _claimGrace, _time) = (lease, directory, draining, options.Value.ClaimGrace, time);
        draining.Begun += Look;
        directory.Read += Look;
    }

    /// <summary>Raised after anything below changed; at most a second late for a lease that ran out. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>The more restrictive of the node's and its site's mode.</summary>
    public NodeMode Mode => _directory.Mode;

    /// <summary>Mode hot and not stopping: customers may bind and hand in.</summary>
    public bool Accepts => _directory.Mode == NodeMode.Hot && !_draining.IsDraining;

    /// <summary>
    /// Whether what customers hand in all the same is still claimed. Longer than <see cref="Accepts"/>, so that nobody is refused who keeps to the
    /// rules: for <see cref="FlowOptions.ClaimGrace"/> after the mode left hot, and during a stop until the lease is given up. It goes to another node.
    /// </summary>
    public bool Claims => Mode == NodeMode.Hot || Volatile.Read(ref _leftHotAt) switch
    {
        SeenHot => true, // the mode changed this very moment
        NeverHot => false,
        var at => _time.GetElapsedTime(at) < _claimGrace,
    };

    /// <summary>Accepts, and the lease is valid: new attempts and pushes may be made.</summary>
    public bool Emits => Accepts && _lease.IsValid;

    /// <summary>Why <see cref="Accepts"/> is false, for a customer: the mode's word, or stopping. Empty while it accepts.</summary>
    public string Word => _draining.IsDraining ? "stopping" : Mode == NodeMode.Hot ? "" : Mode.Word();

    /// <summary>Compares with what was seen last and tells of a change.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            (NodeMode Mode, bool IsStopping, bool HoldsLease) now = (_directory.Mode, _draining.IsDraining, _lease.IsValid);
            if (_seen == now)
            {
                return;
            }

            if (now.Mode == NodeMode.Hot)
            {
                Volatile.Write(ref _leftHotAt, SeenHot);
            }
            else if (_seen is not { Mode: not NodeMode.Hot })
            {
                Volatile.Write(ref _leftHotAt, _seen is null ? NeverHot : _time.GetTimestamp());
            }

            _seen = now;
        }

        Changed?.Invoke();
    }
}
