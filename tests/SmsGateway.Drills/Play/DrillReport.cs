using System.Globalization;
using System.Text.Json;

namespace SmsGateway.Drills.Play;

/// <summary>What came of one playing, as a table and as JSON.</summary>
internal sealed record DrillReport(Drill Drill, int Seed, bool IsShort, bool Passed, string? Trouble, double TookSeconds)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public IReadOnlyList<(string Name, string Value)> Rows { get; init; } = [];

    public IReadOnlyList<(string Promise, bool Held)> Promises { get; init; } = [];

    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    public JsonElement Load { get; init; }

    public void Print(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"{Drill.Name}, seed {Seed}{(IsShort ? ", short" : "")}: {Drill.Fault}");
        foreach (var (name, value) in Rows)
        {
            to.WriteLine($"  {name,-46} {value}");
        }

        foreach (var (promise, _) in Promises.Where(p => !p.Held))
        {
            to.WriteLine($"  BROKEN                                         {promise}");
        }

        if (Trouble is not null)
        {
            to.WriteLine($"  could not be played: {Trouble}");
        }

        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(Passed ? "PASSED" : "FAILED")} after {TookSeconds:F0} s: {Drill.Proves}"));
    }

    public static string ToJson(IReadOnlyList<DrillReport> reports, IReadOnlyDictionary<string, string> conditions) => JsonSerializer.Serialize(
        new
        {
            passed = reports.All(report => report.Passed),
            conditions,
            drills = reports.Select(report => new
            {
                name = report.Drill.Name,
                fault = report.Drill.Fault,
                proves = report.Drill.Proves,
                report.Seed,
                report.IsShort,
                report.Passed,
                report.Trouble,
                report.TookSeconds,
                seconds = report.Seconds,
                rows = report.Rows.Select(row => new { row.Name, row.Value }),
                broken = report.Promises.Where(p => !p.Held).Select(p => p.Promise),
                load = report.Load.ValueKind == JsonValueKind.Object ? report.Load : (JsonElement?)null,
            }),
        },
        Json);
}
