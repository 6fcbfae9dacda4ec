using System.Diagnostics.Metrics;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Flow;

// How many attempts are in doubt in the whole installation, as DoubtSweeps last counted them; each node shows the same figure.
internal sealed class OpenDoubts
{
    private volatile IReadOnlyList<(string Connector, long Count)> _counts = [];

    public OpenDoubts(HostMetrics metrics) => metrics.Observe(
        "smsgateway.doubts",
        "Attempts in doubt of all nodes, by connector, as counted a few seconds ago",
        () => _counts.Select(some => new Measurement<long>(some.Count, new KeyValuePair<string, object?>("connector", some.Connector))));

    public bool Any => _counts.Count > 0;

    public void Counted(IReadOnlyList<(string Connector, long Count)> counts) => _counts = counts;
}
