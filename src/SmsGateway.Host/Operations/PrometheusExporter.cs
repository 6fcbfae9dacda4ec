using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SmsGateway.Host.Operations;

// Turns one collection of OpenTelemetry metrics into Prometheus' text format 0.0.4. It carries no [ExportModes(Pull)] on purpose: with it
// Collect() outside the SDK's own scope returns nothing.
internal sealed class PrometheusExporter : BaseExporter<Metric>
{
    /// <summary>The text of the last collection, UTF-8.</summary>
    public ReadOnlyMemory<byte> Page { get; private set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var page = new PrometheusText();
        foreach (var metric in batch)
        {
            Write(page, metric);
        }

        Page = Encoding.UTF8.GetBytes(page.ToString());
        return ExportResult.Success;
    }

    private static void Write(PrometheusText page, Metric metric)
    {
        var family = page.Family(metric.Name, metric.Unit, metric.Description, Kind(metric.MetricType));
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = new List<KeyValuePair<string, string>>();
            foreach (var tag in point.Tags)
            {
                labels.Add(new(tag.Key, Convert.ToString(tag.Value, System.Globalization.CultureInfo.InvariantCulture) ?? ""));
            }

            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    family.Value(labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    family.Value(labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    family.Value(labels, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    family.Value(labels, point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    Histogram(family, labels, point);
                    break;
                default:
                    break; // exponential histograms have no place in this format; none of our meters makes one
            }
        }
    }

    private static void Histogram(PrometheusFamily family, List<KeyValuePair<string, string>> labels, in MetricPoint point)
    {
        long seen = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            seen += bucket.BucketCount;
            family.Bucket(labels, bucket.ExplicitBound, seen);
        }

        family.SumAndCount(labels, point.GetHistogramSum(), point.GetHistogramCount());
    }

    private static PrometheusKind Kind(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusKind.Counter,
        MetricType.Histogram => PrometheusKind.Histogram,
        _ => PrometheusKind.Gauge,
    };
}
