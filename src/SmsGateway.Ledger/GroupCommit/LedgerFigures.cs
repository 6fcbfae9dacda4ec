using System.Diagnostics.Metrics;

namespace SmsGateway.Ledger;

// What the ledger's group commits tell whoever listens to the meter "SmsGateway.Ledger". One per process, like the meters of the runtime; costs
// next to nothing while nobody listens.
internal static class LedgerFigures
{
    public const string MeterName = "SmsGateway.Ledger";

    // Seconds: a commit takes 1 to 50 ms when all is well; the top says that the ledger was away.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
    private static readonly int[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<int> Size = Meter.CreateHistogram(
        "smsgateway.group_commit.size", description: "Items in one group commit",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = Sizes });

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "smsgateway.group_commit.duration", "s", "Time from sending a group commit to its COMMIT",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "smsgateway.ledger.retries", description: "Group commits tried again with the same items");

    public static void Committed(string group, int items, TimeSpan took)
    {
        Size.Record(items, Tag(group));
        Duration.Record(took.TotalSeconds, Tag(group));
    }

    public static void Retried(string group) => Retries.Add(1, Tag(group));

    private static KeyValuePair<string, object?> Tag(string group) => new("group", group);
}
