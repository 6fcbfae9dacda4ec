using System.Diagnostics.Metrics;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

// Figures of this node's lease, mode and configuration, and of the nodes it sees, read at each scrape. A table of them: docs/operations.md.
internal sealed class NodeFigures
{
    private static readonly NodeMode[] Modes = Enum.GetValues<NodeMode>();
    private static readonly NodeState[] States = Enum.GetValues<NodeState>();

    public NodeFigures(
        HostMetrics metrics, NodeLease lease, NodeDirectory directory, NodeViews views, ConfigurationState configuration, ConfigurationDrift drift, HoldViews hold)
    {
        metrics.Observe("smsgateway.lease.valid", "1 while this node may emit", () => lease.IsValid ? 1 : 0);
        metrics.ObserveSeconds("smsgateway.lease.age", "Time since the last successful renewal was sent", () => lease.Age);
        metrics.Observe("smsgateway.epoch", "The epoch of this node's lease", () => lease.Epoch);
        metrics.Observe("smsgateway.node.mode", "1 for the mode in effect here, the more restrictive of the node's and its site's", () =>
            Modes.Select(mode => new Measurement<long>(directory.Mode == mode ? 1 : 0, Tag("mode", mode.Word()))));
        metrics.Observe("smsgateway.configuration.version", "The configuration version this node works with; 0 before the first", () => configuration.Current.Version);
        metrics.Observe("smsgateway.configuration.drift", "1 while this node works with another configuration than the newest for more than 5 s", () =>
            drift.Reason is null ? 0 : 1);
        metrics.Observe("smsgateway.hold.on", "1 while the ledger is away and this node goes on without it", () => hold.State is HoldState.OnHold or HoldState.Full ? 1 : 0);
        metrics.Observe("smsgateway.hold.full", "1 while the journal takes no more", () => hold.State == HoldState.Full ? 1 : 0);
        metrics.Observe("smsgateway.hold.depth", "Records of the journal that are still to be played into the ledger", () => hold.Records);
        metrics.Observe("smsgateway.hold.bytes", "Octets of the journal on the disk", () => hold.Bytes);
        metrics.ObserveSeconds("smsgateway.hold.age", "Age of the oldest record that is still to be played", () => hold.Age);
        metrics.Observe("smsgateway.nodes", "Nodes as this one sees them, by state", () => Counted(directory, views));
    }

    private static IEnumerable<Measurement<long>> Counted(NodeDirectory directory, NodeViews views)
    {
        var states = directory.Nodes.Select(views.StateOf).ToList();
        return States.Select(state => new Measurement<long>(states.Count(seen => seen == state), Tag("state", state.ToString().ToLowerInvariant())));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
