using System.Diagnostics.Metrics;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Flow's instruments on the meter "SmsGateway". Labels are words of the design, never a number, an account or an id.
internal sealed class FlowMetrics
{
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _parked;

    public FlowMetrics(IMeterFactory meters, ConnectorLinks links, SegmentsInMemory segments, DeliveriesInMemory deliveries)
    {
        var meter = meters.Create("SmsGateway");
        _verdicts = meter.CreateCounter<long>("smsgateway_claims_total", "{claim}", "Claims by verdict and protocol.");
        _delivered = meter.CreateCounter<long>("smsgateway_deliveries_acknowledged_total", "{delivery}", "MOs and DRs that an account took.");
        _retried = meter.CreateCounter<long>("smsgateway_deliveries_retried_total", "{delivery}", "Offers that an account did not take.");
        _parked = meter.CreateCounter<long>("smsgateway_deliveries_parked_total", "{delivery}", "MOs and DRs given up.");
        meter.CreateObservableGauge("smsgateway_segments_in_memory", () => segments.Count, "{segment}", "Segments that wait in lanes.");
        meter.CreateObservableGauge("smsgateway_deliveries_in_memory", () => deliveries.Count, "{delivery}", "Deliveries in lanes or offered.");
        meter.CreateObservableGauge("smsgateway_connector_waiting", () => Waiting(links), "{segment}", "Segments that wait in a connector's lanes.");
        meter.CreateObservableGauge("smsgateway_connector_live", () => Live(links), "1", "1 while the connector can take submits from this node.");
    }

    public void Verdict(VerdictKind verdict, Protocol protocol) => _verdicts.Add(
        1, new KeyValuePair<string, object?>("verdict", Word(verdict)), new KeyValuePair<string, object?>("protocol", Word(protocol)));

    public void Delivered(DeliveryKind kind) => _delivered.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    public void Retried(DeliveryKind kind) => _retried.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    public void Parked(DeliveryKind kind) => _parked.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    private static string Word(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Claimed => "claimed",
        VerdictKind.Duplicate => "duplicate",
        _ => "conflict",
    };

    private static string Word(Protocol protocol) => protocol == Protocol.Http ? "http" : "smpp";

    private static string Word(DeliveryKind kind) => kind == DeliveryKind.Mo ? "mo" : "receipt";

    private static IEnumerable<Measurement<int>> Waiting(ConnectorLinks links)
    {
        foreach (var link in links.All)
        {
            yield return new Measurement<int>(link.Lanes.Count, new KeyValuePair<string, object?>("connector", link.Name));
        }
    }

    private static IEnumerable<Measurement<int>> Live(ConnectorLinks links)
    {
        foreach (var link in links.All)
        {
            yield return new Measurement<int>(link.Live ? 1 : 0, new KeyValuePair<string, object?>("connector", link.Name));
        }
    }
}
