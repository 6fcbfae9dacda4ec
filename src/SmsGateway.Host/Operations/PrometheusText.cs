using System.Text;

namespace SmsGateway.Host.Operations;

internal enum PrometheusKind
{
    Counter,
    Gauge,
    Histogram,
}

// A page of the Prometheus text format: families in order of first mention, each with one HELP and one TYPE, whatever number of meters
// feeds it. https://prometheus.io/docs/instrumenting/exposition_formats/
internal sealed class PrometheusText
{
    private readonly List<PrometheusFamily> _families = [];

    /// <summary>The family of an instrument; dots become underscores, the unit and <c>_total</c> become suffixes.</summary>
    public PrometheusFamily Family(string name, string? unit, string? help, PrometheusKind kind)
    {
        var full = Name(name, unit, kind);
        var family = _families.Find(f => f.Name == full && f.Kind == kind);
        if (family is null)
        {
            family = new PrometheusFamily(full, kind, help ?? "");
            _families.Add(family);
        }

        return family;
    }

    public override string ToString()
    {
        var page = new StringBuilder();
        foreach (var family in _families)
        {
            family.AppendTo(page);
        }

        return page.ToString();
    }

    private static string Name(string name, string? unit, PrometheusKind kind)
    {
        var text = new StringBuilder(Clean(name));
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" or "" or null => "",
            _ when unit.StartsWith('{') => "", // an annotation such as {connection}, not a unit
            _ => "_" + Clean(unit),
        };
        if (suffix.Length > 0 && !text.ToString().EndsWith(suffix, StringComparison.Ordinal))
        {
            text.Append(suffix);
        }

        if (kind == PrometheusKind.Counter && !text.ToString().EndsWith("_total", StringComparison.Ordinal))
        {
            text.Append("_total");
        }

        return text.ToString();
    }

    internal static string Clean(string name)
    {
        var clean = string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
            }
        });
        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}
