using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Tests.Operations;

public sealed partial class PrometheusTextTests
{
    private static async Task<string> ScrapeAsync(Action<HostMetrics> act)
    {
        using var metrics = Figures.OfTheirOwn();
        using var page = new MetricsPage(metrics);
        act(metrics);
        return Encoding.UTF8.GetString((await page.RenderAsync(CancellationToken.None)).Span);
    }

    [Fact]
    public async Task A_counter_has_help_type_labels_and_total()
    {
        var page = await ScrapeAsync(metrics =>
        {
            metrics.Submission("http", "demo", "accepted", 3);
            metrics.Submission("http", "demo", "accepted");
            metrics.Submission("smpp", "acme", "duplicate");
        });
        Assert.Contains(
            "# HELP smsgateway_submissions_total MTs answered, by protocol, account and result\n# TYPE smsgateway_submissions_total counter\n",
            page,
            StringComparison.Ordinal);
        var samples = Parse(page);
        Assert.Equal(4, samples["smsgateway_submissions_total{account=demo,protocol=http,result=accepted}"]);
        Assert.Equal(1, samples["smsgateway_submissions_total{account=acme,protocol=smpp,result=duplicate}"]);
    }

    [Fact]
    public async Task A_histogram_has_cumulative_buckets_that_end_in_infinity_and_a_sum_and_a_count()
    {
        var samples = Parse(await ScrapeAsync(metrics =>
        {
            metrics.SubmitAnswered("carrier-a", TimeSpan.FromMilliseconds(3));
            metrics.SubmitAnswered("carrier-a", TimeSpan.FromMilliseconds(30));
            metrics.SubmitAnswered("carrier-a", TimeSpan.FromSeconds(60));
        }));
        Assert.Equal(1, samples["smsgateway_submit_duration_seconds_bucket{connector=carrier-a,le=0.005}"]);
        Assert.Equal(1, samples["smsgateway_submit_duration_seconds_bucket{connector=carrier-a,le=0.025}"]);
        Assert.Equal(2, samples["smsgateway_submit_duration_seconds_bucket{connector=carrier-a,le=0.05}"]);
        Assert.Equal(2, samples["smsgateway_submit_duration_seconds_bucket{connector=carrier-a,le=10}"]);
        Assert.Equal(3, samples["smsgateway_submit_duration_seconds_bucket{connector=carrier-a,le=+Inf}"]);
        Assert.Equal(3, samples["smsgateway_submit_duration_seconds_count{connector=carrier-a}"]);
        Assert.Equal(60.033, samples["smsgateway_submit_duration_seconds_sum{connector=carrier-a}"], 6);
    }

    [Fact]
    public async Task An_observed_figure_is_a_gauge_read_at_the_scrape()
    {
        var page = await ScrapeAsync(metrics =>
        {
            metrics.Observe("smsgateway.lane.depth", "Depth", () => [new Measurement<long>(7, new KeyValuePair<string, object?>("connector", "carrier-a"))]);
            metrics.Observe("smsgateway.one", "One", () => 1);
        });
        Assert.Contains("# TYPE smsgateway_lane_depth gauge\n", page, StringComparison.Ordinal);
        Assert.Equal(7, Parse(page)["smsgateway_lane_depth{connector=carrier-a}"]);
        Assert.Equal(1, Parse(page)["smsgateway_one"]);
    }

    [Fact]
    public async Task Counters_go_on_from_scrape_to_scrape()
    {
        using var metrics = Figures.OfTheirOwn();
        using var page = new MetricsPage(metrics);
        for (var i = 1; i <= 3; i++)
        {
            metrics.Submitted("carrier-a");
            var text = Encoding.UTF8.GetString((await page.RenderAsync(CancellationToken.None)).Span);
            Assert.Equal(i, Parse(text)["smsgateway_submits_total{connector=carrier-a}"]);
        }
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        var page = new PrometheusText();
        page.Family("a.b-c", "By", "one\\two\nthree \"four\"", PrometheusKind.Gauge)
            .Value([new("dotted.name", "back\\slash \"quote\"\nline")], 1.5);
        Assert.Equal(
            "# HELP a_b_c_bytes one\\\\two\\nthree \"four\"\n# TYPE a_b_c_bytes gauge\na_b_c_bytes{dotted_name=\"back\\\\slash \\\"quote\\\"\\nline\"} 1.5\n",
            page.ToString());
        Assert.Equal(1.5, Parse(page.ToString())["a_b_c_bytes{dotted_name=back\\slash \"quote\"\nline}"]);
    }

    [Fact]
    public void One_name_from_two_meters_is_one_family()
    {
        var page = new PrometheusText();
        page.Family("x", null, "first", PrometheusKind.Counter).Value([new("m", "1")], 1);
        page.Family("y", null, "", PrometheusKind.Counter).Value([], 1);
        page.Family("x", "1", "second", PrometheusKind.Counter).Value([new("m", "2")], 2);
        Assert.Equal(
            "# HELP x_total first\n# TYPE x_total counter\nx_total{m=\"1\"} 1\nx_total{m=\"2\"} 2\n# HELP y_total \n# TYPE y_total counter\ny_total 1\n",
            page.ToString());
    }

    [Theory]
    [InlineData("x_total", null, PrometheusKind.Counter, "x_total")]
    [InlineData("x.duration", "s", PrometheusKind.Histogram, "x_duration_seconds")]
    [InlineData("x.seconds", "s", PrometheusKind.Gauge, "x_seconds")]
    [InlineData("x", "{connection}", PrometheusKind.Gauge, "x")]
    [InlineData("9x", null, PrometheusKind.Gauge, "_9x")]
    public void Names_follow_the_conventions(string name, string? unit, object kind, string expected) =>
        Assert.Equal(expected, new PrometheusText().Family(name, unit, "", (PrometheusKind)kind).Name);

    [Fact]
    public async Task Everything_the_runtime_and_the_server_add_parses_too()
    {
        var samples = Parse(await ScrapeAsync(metrics => metrics.CallbackAnswered(TimeSpan.FromSeconds(1))));
        Assert.Contains(samples.Keys, key => key.StartsWith("dotnet_gc_collections_total", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, key => key.StartsWith("smsgateway_callback_duration_seconds_count", StringComparison.Ordinal));
    }

    [Fact]
    public void A_label_keeps_its_first_values_and_calls_the_rest_other()
    {
        var labels = new LabelSet(limit: 2);
        Assert.Equal(["a", "b", "other", "a", "other"], new[] { "a", "b", "c", "a", "d" }.Select(labels.Label));
    }

    /// <summary>A strict reader of the text format: anything it does not know fails the test. Labels are sorted in the keys it returns.</summary>
    private static Dictionary<string, double> Parse(string page)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        string? family = null, type = null;
        var seen = new HashSet<string>();
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        foreach (var line in page[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                family = help.Groups[1].Value;
                Assert.True(seen.Add(family), $"two families {family}");
                type = null;
            }
            else if (Type().Match(line) is { Success: true } typed)
            {
                Assert.Equal(family, typed.Groups[1].Value);
                type = typed.Groups[2].Value;
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, $"not a sample: {line}");
                var name = sample.Groups["name"].Value;
                var suffixes = type == "histogram" ? new[] { "_bucket", "_sum", "_count" } : [""];
                Assert.Contains(name, suffixes.Select(suffix => family + suffix));
                var labels = sample.Groups["label"].Captures.Zip(sample.Groups["value"].Captures, (label, value) => $"{label.Value}={Unescape(value.Value)}");
                var list = string.Join(',', labels.Order(StringComparer.Ordinal));
                var number = sample.Groups["number"].Value;
                Assert.True(
                    samples.TryAdd(list.Length > 0 ? $"{name}{{{list}}}" : name, number == "+Inf" ? double.PositiveInfinity : double.Parse(number, CultureInfo.InvariantCulture)),
                    $"the same sample twice: {line}");
            }
        }

        return samples;
    }

    private static string Unescape(string value) => Escape().Replace(value, match => match.Value == "\\n" ? "\n" : match.Value[1..]);

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\\]|\\\\[\\\\n])*$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\\n]|\\[\\"n])*)"(?:,(?=[a-z_A-Z])|(?=\})))+\})? (?<number>[-+0-9.eE]+|\+Inf|NaN)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""\\[\\"n]""")]
    private static partial Regex Escape();
}
