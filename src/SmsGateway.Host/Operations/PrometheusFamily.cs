using System.Globalization;
using System.Text;

namespace SmsGateway.Host.Operations;

// One metric of the page with all its samples.
internal sealed class PrometheusFamily(string name, PrometheusKind kind, string help)
{
    private readonly StringBuilder _samples = new();

    public string Name => name;

    public PrometheusKind Kind => kind;

    public void Value(IReadOnlyList<KeyValuePair<string, string>> labels, double value) => Sample("", labels, null, value);

    /// <summary>The bound of the last bucket is infinity; the count is of all observations up to the bound, not of this bucket alone.</summary>
    public void Bucket(IReadOnlyList<KeyValuePair<string, string>> labels, double upperBound, long cumulative) =>
        Sample("_bucket", labels, Number(upperBound), cumulative);

    public void SumAndCount(IReadOnlyList<KeyValuePair<string, string>> labels, double sum, long count)
    {
        Sample("_sum", labels, null, sum);
        Sample("_count", labels, null, count);
    }

    public void AppendTo(StringBuilder page)
    {
        page.Append("# HELP ").Append(name).Append(' ');
        AppendEscaped(page, help, quotes: false);
        page.Append('\n');
        page.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            PrometheusKind.Counter => "counter",
            PrometheusKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        page.Append(_samples);
    }

    private void Sample(string suffix, IReadOnlyList<KeyValuePair<string, string>> labels, string? le, double value)
    {
        _samples.Append(name).Append(suffix);
        if (labels.Count > 0 || le is not null)
        {
            var separator = '{';
            foreach (var (label, text) in labels)
            {
                _samples.Append(separator).Append(PrometheusText.Clean(label)).Append("=\"");
                AppendEscaped(_samples, text, quotes: true);
                _samples.Append('"');
                separator = ',';
            }

            if (le is not null)
            {
                _samples.Append(separator).Append("le=\"").Append(le).Append('"');
            }

            _samples.Append('}');
        }

        _samples.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void AppendEscaped(StringBuilder to, string text, bool quotes)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => to.Append(@"\\"),
                '\n' => to.Append(@"\n"),
                '"' when quotes => to.Append("\\\""),
                _ => to.Append(c),
            };
        }
    }
}
