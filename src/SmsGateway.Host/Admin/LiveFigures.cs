using System.Diagnostics.Metrics;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Admin;

// Figures that are not counted but looked at, at each scrape: depths of lanes, use of windows, what memory holds.
internal sealed class LiveFigures
{
    public LiveFigures(
        HostMetrics metrics, ConnectorLinks links, SegmentsInMemory segments, DeliveriesInMemory deliveries, Deliveries lanes, BindDirectory binds)
    {
        metrics.Observe("smsgateway.connector.waiting", "Segments in this node's lanes of a connector", () =>
            links.All.Select(link => new Measurement<long>(link.Lanes.Count, Tag("connector", link.Name))));
        metrics.Observe("smsgateway.connector.live", "1 while submits can be handed to a connector from here", () =>
            links.All.Select(link => new Measurement<long>(link.Live ? 1 : 0, Tag("connector", link.Name))));
        metrics.Observe("smsgateway.segments.in_memory", "Segments this node holds until their attempt is decided", () => segments.Count);
        metrics.Observe("smsgateway.deliveries.in_memory", "Receipts and MOs this node holds until their end is written", () => deliveries.Count);
        metrics.Observe("smsgateway.deliveries.waiting", "Receipts and MOs in lanes, by protocol", () => Waiting(lanes));
        metrics.Observe("smsgateway.binds", "Live binds", () => PerBind(binds, static _ => 1));
        metrics.Observe("smsgateway.binds.outstanding", "Our requests not yet answered, all binds of a side", () => PerBind(binds, static bind => bind.Outstanding()));
        metrics.Observe("smsgateway.binds.window", "Requests that may be unanswered, all binds of a side", () => PerBind(binds, static bind => bind.Window));
        metrics.Observe("smsgateway.binds.incoming_outstanding", "Peers' requests not yet answered, all binds of a side", () =>
            PerBind(binds, static bind => bind.IncomingOutstanding()));
    }

    private static IEnumerable<Measurement<long>> Waiting(Deliveries lanes) => lanes.Lanes
        .GroupBy(lane => lane.Protocol)
        .Select(group => new Measurement<long>(
            group.Sum(lane => (long)lane.Reader.Count), Tag("protocol", group.Key == Ledger.Protocol.Http ? "http" : "smpp")));

    // By connector on the carriers' side; customers' binds together, because there may be ten thousand of them.
    private static IEnumerable<Measurement<long>> PerBind(BindDirectory binds, Func<BindListing, long> figure) => binds.All
        .GroupBy(bind => (bind.Side, Connector: bind.Side == BindSide.Carrier ? bind.Party : ""))
        .Select(group => new Measurement<long>(
            group.Sum(figure), Tag("side", group.Key.Side == BindSide.Carrier ? "carrier" : "account"), Tag("connector", group.Key.Connector)));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
