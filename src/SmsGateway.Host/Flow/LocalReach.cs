using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What this node tells the others: whom it can reach now (nobody unless it is hot: what others would hand over could not be emitted), and which
// of its binds to carriers are up, so that every node can tell an attempt in doubt from one that waits for its answer. A bind that is gone is told
// for as long as this node has ends of its attempts to tell the ledger.
internal sealed class LocalReach
{
    private readonly ConnectorLinks _links;
    private readonly Deliveries _deliveries;
    private readonly Draining _draining;
    private readonly BindDirectory _binds;
    private readonly UntoldEnds _untold;

    public LocalReach(ConnectorLinks links, Deliveries deliveries, Draining draining, BindDirectory binds, UntoldEnds untold)
    {
        (_links, _deliveries, _draining, _binds, _untold) = (links, deliveries, draining, binds, untold);
        links.LiveChanged += _ => Changed?.Invoke();
        deliveries.OpenChanged += () => Changed?.Invoke();
        draining.Begun += () => Changed?.Invoke();
    }

    /// <summary>Raised when somebody came into reach or left it. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    public NodeReach Read(NodeMode mode)
    {
        var reach = mode != NodeMode.Hot || _draining.IsDraining
            ? NodeReach.None
            : new NodeReach(
                [.. _deliveries.Lanes.Where(lane => lane.Open && lane.Protocol == Protocol.Smpp).Select(lane => lane.Account).Order(StringComparer.Ordinal)],
                [.. _links.All.Where(link => link.Live).Select(link => link.Name).Order(StringComparer.Ordinal)]);
        // The live ones first: the end of one that is over by the second look is among the untold ones, or told.
        var live = _binds.All.Where(bind => bind.Side == BindSide.Carrier).Select(bind => bind.Name).ToList();
        return reach with { Binds = [.. live.Union(_untold.Binds, StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
    }

    public static bool Same(NodeReach reach, NodeReach? told) =>
        told is not null && reach.Accounts.SequenceEqual(told.Accounts) && reach.Carriers.SequenceEqual(told.Carriers) &&
        (reach.Binds ?? []).SequenceEqual(told.Binds ?? []);
}
