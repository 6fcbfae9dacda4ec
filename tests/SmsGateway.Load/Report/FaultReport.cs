using System.Globalization;
using SmsGateway.Load.Check;
using SmsGateway.Load.Faults;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Report;

// What each fault did, from the client's book and the carriers' journals.
internal sealed class FaultReport
{
    private readonly List<Resumption> _resumptions = [];

    public FaultReport(IReadOnlyList<Fault> faults, int planned, int nodes, ILoad load, CarrierTally tally, long startedAt, TimeProvider time)
    {
        (Faults, Planned) = (faults, planned);
        if (faults.Count == 0)
            return;
        Passage[] passages =
        [
            .. Enumerable.Range(0, load.Messages.Issued).Where(load.Messages.IsAccepted)
                .Select(i => new Passage(
                    load.Messages.AcceptedBy(i), load.Messages.AcceptedSince(startedAt, i).TotalSeconds, tally.TakenAfter(i), load.Messages.AcceptedAfterUs(i) / 1000.0)),
        ];
        RefusedAt[] refusals = Array.ConvertAll(load.Refusals.All, r => new RefusedAt(r.Node, time.GetElapsedTime(startedAt, r.At).TotalSeconds, r.Status));
        _resumptions.AddRange(faults.Select((fault, i) => Resumption.Of(fault.AtSeconds, Watch(i), fault.Nodes, nodes, passages, refusals)));
    }

    public IReadOnlyList<Fault> Faults { get; }

    public int Planned { get; }

    /// <summary>A fault could not be done or healed as asked.</summary>
    public bool Troubled => Faults.Any(fault => fault.Trouble is not null);

    public static string Name(Fault fault)
        => fault.Step.Kind == FaultKind.Outside ? fault.Step.Names[0] : $"{fault.Step.Kind.ToString().ToLowerInvariant()} {string.Join('+', fault.Step.Names)}";

    public IEnumerable<(string Name, string Value)> Rows()
    {
        if (Planned > Faults.Count)
            yield return ("faults", $"{Faults.Count} of {Planned}: the run was over before the others");
        for (int i = 0; i < Faults.Count; i++)
        {
            (Fault fault, Resumption resumption) = (Faults[i], _resumptions[i]);
            yield return ($"fault at {Seconds(fault.AtSeconds)}", string.Concat(
                Name(fault),
                fault.Step.Kind == FaultKind.Stop ? $", continued after {Seconds(fault.Step.StopSeconds)}" : "",
                fault.GoneSeconds is { } gone ? $", gone after {Seconds(gone)}" : "",
                fault.RestartSeconds is { } restart ? $", restart took {Seconds(restart)}" : "",
                fault.ReadySeconds is { } ready ? $", ready after {Seconds(ready)}" : "",
                fault.Trouble is { } trouble ? $"; {trouble}" : ""));
            yield return ("  its messages", resumption.Resumed == 0 ? "none reached a carrier after it"
                : $"{resumption.Resumed} reached a carrier after it, from {Seconds(resumption.FirstSeconds)} to {Seconds(resumption.LastSeconds)}; "
                    + $"{resumption.Later} of them later than 1 s{(resumption.Later == 0 ? "" : $", from {Seconds(resumption.LaterFirstSeconds)}")}");
            yield return ($"  other nodes, {Watch(i):F0} s", $"longest time without an acceptance {Seconds(resumption.LongestGapSeconds)}; refused "
                + (resumption.Refused.Count == 0 ? "0" : string.Join(", ", resumption.Refused.Select(r => $"{r.Key} x {r.Value}")))
                + (resumption is { P99BeforeMs: { } before, P99AfterMs: { } after }
                    ? string.Create(CultureInfo.InvariantCulture, $"; p99 {after:F0} ms, {before:F0} ms before ({after / before:F2})") : ""));
        }
    }

    public object ToJson() => Faults.Select((fault, i) => new
    {
        kind = fault.Step.Kind.ToString().ToLowerInvariant(),
        names = fault.Step.Names,
        fault.AtSeconds,
        stopSeconds = fault.Step.Kind == FaultKind.Stop ? fault.Step.StopSeconds : (double?)null,
        fault.GoneSeconds,
        fault.RestartSeconds,
        fault.ReadySeconds,
        fault.Trouble,
        resumption = _resumptions[i],
    });

    // What the next fault does is its own.
    private double Watch(int fault)
        => fault + 1 < Faults.Count ? Math.Min(Resumption.LongestWatch, Faults[fault + 1].AtSeconds - Faults[fault].AtSeconds) : Resumption.LongestWatch;

    private static string Seconds(double? seconds)
        => seconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:F2} s") : "-";
}
