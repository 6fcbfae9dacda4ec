using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Whom this node can reach now, as it tells the others. Nobody unless it is hot: what others would hand over could not be emitted.
internal sealed class LocalReach
{
    private readonly ConnectorLinks _links;
    private readonly Deliveries _deliveries;
    private readonly Draining _draining;

    public LocalReach(ConnectorLinks links, Deliveries deliveries, Draining draining)
    {
        (_links, _deliveries, _draining) = (links, deliveries, draining);
        links.LiveChanged += _ => Changed?.Invoke();
        deliveries.OpenChanged += () => Changed?.Invoke();
        draining.Begun += () => Changed?.Invoke();
    }

    /// <summary>Raised when somebody came into reach or left it. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    public NodeReach Read(NodeMode mode) => mode != NodeMode.Hot || _draining.IsDraining
        ? NodeReach.None
        : new NodeReach(
            [.. _deliveries.Lanes.Where(lane => lane.Open && lane.Protocol == Protocol.Smpp).Select(lane => lane.Account).Order(StringComparer.Ordinal)],
            [.. _links.All.Where(link => link.Live).Select(link => link.Name).Order(StringComparer.Ordinal)]);

    public static bool Same(NodeReach reach, NodeReach? told) =>
        told is not null && reach.Accounts.SequenceEqual(told.Accounts) && reach.Carriers.SequenceEqual(told.Carriers);
}
