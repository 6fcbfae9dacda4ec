using System.Globalization;
using SmsGateway.Load.Check;
using SmsGateway.Load.Faults;

namespace SmsGateway.Load.Report;

/// <summary>Submits per second at the carriers.</summary>
internal static class SecondReport
{
    public static string Line(SecondRange middle) => middle.Seconds == 0 ? "too short a run"
        : string.Create(CultureInfo.InvariantCulture, $"min {middle.Min}  max {middle.Max}  mean {middle.Mean:F1} (middle {middle.Seconds} s)");

    /// <summary>A line per second, by the clock of the carriers' journals, and which faults fell into it.</summary>
    public static void Print(TextWriter to, CarrierTally tally, long originMicros, IReadOnlyList<Fault> faults)
    {
        if (tally.Seconds.Count == 0)
            return;
        to.WriteLine();
        to.WriteLine($"  second  {string.Join("  ", tally.Seconds.Keys)}");
        long last = tally.Seconds.Values.Max(seconds => seconds.Span.Last);
        for (long second = tally.Seconds.Values.Min(seconds => seconds.Span.First); second <= last; second++)
        {
            string counts = string.Join("  ", tally.Seconds.Select(s => s.Value.At(second).ToString(CultureInfo.InvariantCulture).PadLeft(s.Key.Length)));
            IEnumerable<string> fell = faults.Where(f => Math.Floor((originMicros / 1e6) + f.AtSeconds) == second).Select(f => $"  <- {FaultReport.Name(f)}");
            to.WriteLine($"  {second - (originMicros / 1_000_000),6}  {counts}{string.Concat(fell)}");
        }
    }
}
