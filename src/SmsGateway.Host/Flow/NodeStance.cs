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
    private readonly LedgerGate? _gate;
    private readonly Lock _looking = new();
    private (NodeMode Mode, bool IsStopping, bool MayEmit)? _seen;

    private readonly TimeSpan _claimGrace;
    private readonly TimeProvider _time;

    // A timestamp, or one of the two below.
    private long _leftHotAt = SeenHot;

    public NodeStance(NodeLease lease, NodeDirectory directory, Draining draining, IOptions<FlowOptions> options, TimeProvider time, LedgerGate? gate = null)
    {
        (_lease, _directory, _draining, _claimGrace, _time, _gate) = (lease, directory, draining, options.Value.ClaimGrace, time, gate);
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

    /// <summary>Accepts, the lease is valid, and the ledger is not known to be away: new attempts and pushes may be made.</summary>
    public bool Emits => Accepts && MayEmit;

    /// <summary>Why <see cref="Accepts"/> is false, for a customer: the mode's word, or stopping. Empty while it accepts.</summary>
    public string Word => _draining.IsDraining ? "stopping" : Mode == NodeMode.Hot ? "" : Mode.Word();

    private bool MayEmit => _lease.IsValid && _gate is not { IsAway: true };

    /// <summary>Compares with what was seen last and tells of a change.</summary>
    internal void Look()
    {
        lock (_looking)
        {
            (NodeMode Mode, bool IsStopping, bool MayEmit) now = (_directory.Mode, _draining.IsDraining, MayEmit);
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
