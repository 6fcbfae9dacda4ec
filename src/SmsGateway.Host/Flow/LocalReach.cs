using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Whom this node can reach now, as it tells the others. Nobody unless it is hot: what others would hand over could not be emitted.
internal sealed class LocalReach(ConnectorLinks links, Deliveries deliveries, Draining draining)
{
    public NodeReach Read(NodeMode mode) => mode != NodeMode.Hot || draining.IsDraining
        ? NodeReach.None
        : new NodeReach(
            [.. deliveries.Lanes.Where(lane => lane.Open && lane.Protocol == Protocol.Smpp).Select(lane => lane.Account).Order(StringComparer.Ordinal)],
            [.. links.All.Where(link => link.Live).Select(link => link.Name).Order(StringComparer.Ordinal)]);

    public static bool Same(NodeReach reach, NodeReach? told) =>
        told is not null && reach.Accounts.SequenceEqual(told.Accounts) && reach.Carriers.SequenceEqual(told.Carriers);
}
