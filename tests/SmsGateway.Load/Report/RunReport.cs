using System.Text.Json;
using SmsGateway.Load.Check;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Report;

// The figures of one run, computed once, as a table and as JSON.
internal sealed class RunReport(
    Marker marker, ILoad load, CheckResult check, CarrierTally tally, IReadOnlyDictionary<string, double> cpu, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Percentiles _acceptance = Percentiles.Of(Durations(load.Messages.Issued, load.Messages.AcceptedAfterUs));
    private readonly Percentiles _receipt = Percentiles.Of(Durations(load.Messages.Issued, load.Receipts.AfterUs));

    public required long StartedAt { get; init; }

    public required long UnixMicrosAtStart { get; init; }

    public required bool HasCarriers { get; init; }

    public required bool Complete { get; init; }

    public required double? DiskSyncMs { get; init; }

    /// <summary>Null when nobody was asked.</summary>
    public required DoubtList? Doubts { get; init; }

    public required FaultReport Faults { get; init; }

    /// <summary>Receipts that carriers sent once more.</summary>
    public required long ReceiptsRepeated { get; init; }

    public required long JournalOverflow { get; init; }

    /// <summary>Nothing lost or duplicated as far as there were journals to tell; every promise about ids kept.</summary>
    public bool Passed => load.Messages.IdMismatches == 0 && JournalOverflow == 0 && load.Messages.Accepted > 0 && !Faults.Troubled
        && (!HasCarriers || check.Passed);

    public void Print(TextWriter to)
    {
        to.WriteLine();
        foreach ((string name, string value) in Rows().Concat(Faults.Rows()))
            to.WriteLine($"  {name,-28} {value}");
        if (HasCarriers)
        {
            List(to, "lost", check.Lost);
            List(to, "duplicated", check.Duplicated);
            List(to, "receipts lost", check.ReceiptsLost);
            List(to, "receipts twice", check.ReceiptsTwice);
            List(to, "in doubt, unseen", check.InDoubtUnseen);
            List(to, "refused by carrier", check.RefusedByCarrier);
        }

        to.WriteLine();
        to.WriteLine(!HasCarriers ? "NOT CHECKED: no --carrier-control given" : Passed ? "PASSED: nothing lost, nothing duplicated" : "FAILED");
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            run = marker.Run,
            passed = Passed,
            complete = Complete,
            rates = new { acceptedPerSecond = Round(AcceptedRate), emittedPerSecond = Round(EmittedRate), receiptsPerSecond = Round(ReceiptRate) },
            latencyMs = new { acceptance = _acceptance, receipt = _receipt },
            counts = new
            {
                issued = load.Messages.Issued,
                accepted = load.Messages.Accepted,
                refused = load.Messages.Refused,
                unanswered = load.Messages.Open,
                emitted = check.Emitted,
                receiptsExpected = check.ReceiptsExpected,
                receipts = check.Receipts,
                receiptsOfGateway = check.ReceiptsOfGateway,
                lost = check.Lost.Count,
                duplicated = check.Duplicated.Count,
                markedDuplicates = check.SentAgain.Count,
                receiptsLost = check.ReceiptsLost.Count,
                receiptsRepeated = ReceiptsRepeated,
                receiptsTwice = check.ReceiptsTwice.Count,
                receiptsOfDoubts = check.ReceiptsOfDoubts.Count,
                offeredAgain = load.Receipts.OfferedAgain,
                inDoubt = check.InDoubt.Count,
                inDoubtUnseen = check.InDoubtUnseen.Count,
                doubtsListed = Doubts?.Attempts,
                unaccounted = check.Unaccounted,
                refusedByCarrier = check.RefusedByCarrier.Count,
                emittedUnaccepted = check.EmittedUnaccepted.Count,
                throttled = load.Messages.Throttled,
                resent = load.Messages.Resent,
                idMismatches = load.Messages.IdMismatches,
                foreignReceipts = load.Receipts.Foreign,
            },
            ids = new
            {
                lost = check.Lost.Ids,
                duplicated = check.Duplicated.Ids,
                markedDuplicates = check.SentAgain.Ids,
                receiptsLost = check.ReceiptsLost.Ids,
                receiptsTwice = check.ReceiptsTwice.Ids,
                inDoubt = check.InDoubt.Ids,
                inDoubtUnseen = check.InDoubtUnseen.Ids,
                refusedByCarrier = check.RefusedByCarrier.Ids,
                emittedUnaccepted = check.EmittedUnaccepted.Ids,
            },
            cpuMicrosPerMessage = cpu.ToDictionary(p => p.Key, p => Round(PerMessage(p.Value))),
            conditions = Conditions().ToDictionary(c => c.Name, c => c.Value),
            refusals = load.Refusals.ByStatus,
            submitsPerSecond = tally.Seconds.ToDictionary(s => s.Key, s => s.Value.Middle()),
            faultsPlanned = Faults.Planned,
            faults = Faults.ToJson(),
        },
        Json);

    private string Account()
    {
        int taken = check.Emitted - check.EmittedUnaccepted.Count;
        string refused = check.RefusedByCarrier.Count > 0 ? $" + refused by carriers {check.RefusedByCarrier.Count}" : "";
        string rest = check.Unaccounted == 0 ? "" : $"; DO NOT ADD UP by {check.Unaccounted}";
        return $"accepted {check.Accepted} = emitted {taken} + doubts no carrier saw {check.InDoubtUnseen.Count}{refused}{rest}";
    }

    private double AcceptedRate => Rate(load.Messages.Accepted, load.Messages.LastAccept);

    private double EmittedRate => tally.Emitted == 0 ? 0 : tally.Emitted / Math.Max(1e-6, (tally.LastAt - UnixMicrosAtStart) / 1e6);

    private double ReceiptRate => Rate(load.Receipts.Distinct, load.Receipts.Last);

    private IEnumerable<(string Name, string Value)> Rows()
    {
        yield return ("accepted", $"{load.Messages.Accepted} ({AcceptedRate:F0}/s)");
        yield return ("refused, unanswered", $"{load.Messages.Refused}, {load.Messages.Open}");
        if (HasCarriers)
            yield return ("emitted", $"{check.Emitted} ({EmittedRate:F0}/s)");
        if (load.ExpectsReceipts)
            yield return ("receipts", HasCarriers
                ? $"{check.Receipts} of {check.ReceiptsExpected} ({ReceiptRate:F0}/s); of the gateway's own {check.ReceiptsOfGateway}"
                : $"{load.Receipts.Distinct} ({ReceiptRate:F0}/s)");
        if (HasCarriers)
        {
            yield return ("lost", $"{check.Lost.Count}");
            yield return ("duplicated", $"{check.Duplicated.Count}{(check.SentAgain.Count == 0 ? "" : $"; {check.SentAgain.Count} sent again by decision, and marked")}");
            yield return ("receipts lost", $"{check.ReceiptsLost.Count}");
            yield return ("receipts twice", $"{check.ReceiptsTwice.Count}; repeated by carriers {ReceiptsRepeated}");
            yield return ("receipts of doubts, parked", $"{check.ReceiptsOfDoubts.Count}");
            yield return ("refused by carriers", $"{check.RefusedByCarrier.Count}");
            yield return ("emitted, not acknowledged", $"{check.EmittedUnaccepted.Count}");
            yield return ("accounts", Account());
            foreach ((string carrier, SecondTally seconds) in tally.Seconds)
                yield return ($"submits/s at {carrier}", SecondReport.Line(seconds.Middle()));
        }

        yield return ("offered again", $"{load.Receipts.OfferedAgain}");
        yield return ("in doubt (carrier never saw)", Doubts is null ? "not asked (--admin)"
            : $"{check.InDoubt.Count} ({check.InDoubtUnseen.Count}); listed in all {Doubts.Attempts}{(Doubts.Silent.Count == 0 ? "" : $"; {Doubts.Silent.Count} nodes did not answer")}");
        IReadOnlyDictionary<string, int> refusals = load.Refusals.ByStatus;
        yield return ("submissions refused", refusals.Count == 0 ? "0" : $"{refusals.Values.Sum()}: {string.Join(", ", refusals.Select(r => $"{r.Key} x {r.Value}"))}");
        yield return ("throttled, resent", $"{load.Messages.Throttled}, {load.Messages.Resent}");
        yield return ("ids that changed", $"{load.Messages.IdMismatches}");
        yield return ("acceptance ms", Line(_acceptance));
        if (load.ExpectsReceipts)
            yield return ("receipt ms", Line(_receipt));
        foreach ((string name, double micros) in cpu)
            yield return ($"CPU us/message {name}", $"{PerMessage(micros):F1}");
        foreach ((string name, string value) in Conditions())
            yield return (name, value);
        if (!Complete)
            yield return ("settled", "no: the wait ended before everything was there");
        if (JournalOverflow > 0)
            yield return ("carrier journal overflowed", $"{JournalOverflow} submits were not kept: nothing is proved");
    }

    private IEnumerable<(string Name, string Value)> Conditions()
    {
        yield return ("CPUs", $"{Environment.ProcessorCount}");
        foreach ((string Name, string Value) condition in load.Conditions())
            yield return condition;
        if (DiskSyncMs is { } ms)
            yield return ("fdatasync 8 KiB, median", $"{ms:F3} ms");
    }

    private double Rate(int count, long last)
        => count == 0 || last <= StartedAt ? 0 : count / Math.Max(1e-6, time.GetElapsedTime(StartedAt, last).TotalSeconds);

    private double PerMessage(double micros) => micros / Math.Max(1, load.Messages.Accepted);

    private static string Line(Percentiles p)
        => $"p50 {p.P50Ms:F1}  p90 {p.P90Ms:F1}  p99 {p.P99Ms:F1}  p99.9 {p.P999Ms:F1}  max {p.MaxMs:F1}";

    private static void List(TextWriter to, string kind, Findings findings)
    {
        if (findings.Count > 0)
            to.WriteLine($"  {kind}: {string.Join(' ', findings.Ids)}{(findings.Count > findings.Ids.Count ? " ..." : "")}");
    }

    private static int[] Durations(int count, Func<int, int> of)
    {
        var durations = new int[count];
        for (int i = 0; i < count; i++)
            durations[i] = of(i);
        return durations;
    }

    private static double Round(double value) => Math.Round(value, 1);
}
