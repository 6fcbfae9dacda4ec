using System.Globalization;
using SmsGateway.Load.Check;
using SmsGateway.Load.Faults;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Machine;
using SmsGateway.Load.Report;

namespace SmsGateway.Load.Run;

// One measured run from the first connection to the verdict: connect, send, settle, lay the journals side by side, print.
internal sealed class LoadFrame(FrameOptions options, ILoad load, Marker marker, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly CpuClock _cpu = new(options.Processes);
    private long _start;
    private long _unixMicrosAtStart;
    private CarrierSums _before;

    /// <returns>The exit code: 0 when nothing was lost or duplicated.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        using var journals = new Journals(options.Carriers, options.Sinks, options.Admins, options.AdminKey);
        double? diskMs = options.Disk is null ? null : DiskSync.MeasureMs(options.Disk, time);
        _before = await journals.SumsAsync(ct);
        await journals.SkipSinksAsync(ct);
        await load.ConnectAsync(ct);
        Console.WriteLine($"run {marker.Run}: {load.Connected} connections up");

        _cpu.Start();
        _start = time.GetTimestamp();
        _unixMicrosAtStart = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        load.Go();
        using FaultRun? faults = options.Faults is { } plan ? new FaultRun(plan, time) : null;
        using var noMoreFaults = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task hurting = faults?.RunAsync(_start, noMoreFaults.Token, ct) ?? Task.CompletedTask;
        await SendAsync(hurting, ct);
        await noMoreFaults.CancelAsync();
        await EndAsync(hurting);

        bool complete = await SettleAsync(journals, ct);
        if (complete && options.Linger > TimeSpan.Zero)
        {
            await Task.Delay(options.Linger, time, ct);
            await journals.ReadSinksAsync(marker, load.Receipts, TimestampOf, ct);
        }

        IReadOnlyDictionary<string, double> cpu = _cpu.Elapsed();
        load.Receipts.Resolve();
        CarrierTally tally = await journals.TallyAsync(marker, load.Messages.Issued, _unixMicrosAtStart, ct);
        DoubtList doubts = await journals.DoubtsAsync(ct);
        CheckResult check = Checker.Check(marker, load.Messages, load.Receipts, tally, doubts, load.ExpectsReceipts);
        await load.StopAsync();

        IReadOnlyList<Fault> marked = Marks.Read(options.Marks, options.Nodes, _unixMicrosAtStart);
        Fault[] done = [.. (faults?.Done ?? []).Concat(marked).OrderBy(fault => fault.AtSeconds)];
        var faultReport = new FaultReport(done, (faults?.Planned ?? 0) + marked.Count, options.Nodes.Count, load, tally, _start, time);
        CarrierSums after = await journals.SumsAsync(ct);
        var report = new RunReport(marker, load, check, tally, cpu, time)
        {
            StartedAt = _start,
            UnixMicrosAtStart = _unixMicrosAtStart,
            HasCarriers = journals.HasCarriers,
            Complete = complete,
            DiskSyncMs = diskMs,
            Doubts = options.Admins.Count > 0 ? doubts : null,
            Faults = faultReport,
            ReceiptsRepeated = after.ReceiptsRepeated - _before.ReceiptsRepeated,
            JournalOverflow = after.Overflow - _before.Overflow,
        };
        if (options.PerSecond)
            SecondReport.Print(Console.Out, tally, _unixMicrosAtStart, faultReport.Faults);
        report.Print(Console.Out);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, report.ToJson(), ct);
        return report.Passed ? 0 : 1;
    }

    private async Task SendAsync(Task hurting, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(Beat, time);
        long shown = _start;
        long moved = _start;
        int settled = 0;
        int acceptedShown = 0;
        while (await beat.WaitForNextTickAsync(ct))
        {
            load.Pulse();
            long now = time.GetTimestamp();
            if (options.Duration > TimeSpan.Zero && time.GetElapsedTime(_start, now) >= options.Duration)
                load.StopNew();
            if (hurting.IsFaulted || load.Done)
                return;

            int settledNow = load.Messages.Accepted + load.Messages.Refused;
            if (settledNow != settled)
                (settled, moved) = (settledNow, now);
            else if (time.GetElapsedTime(moved, now) > options.Stall)
                return;

            double since = time.GetElapsedTime(shown, now).TotalSeconds;
            if (since >= 1)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{time.GetElapsedTime(_start, now).TotalSeconds,6:F1} s  accepted {load.Messages.Accepted,9} ({(load.Messages.Accepted - acceptedShown) / since,7:F0}/s)  receipts {load.Receipts.Taken,9}  open {load.Messages.Open,6}  connections {load.Connected}"));
                (shown, acceptedShown) = (now, load.Messages.Accepted);
            }
        }
    }

    // A fault that was still to come when the run ended is no failure; one that could not be done is. One under way is finished first.
    private static async Task EndAsync(Task hurting)
    {
        try
        {
            await hurting;
        }
        catch (OperationCanceledException)
        {
        }
    }

    // True when everything that can be counted from outside is there; false when the patience ended first.
    private async Task<bool> SettleAsync(Journals journals, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        long begin = time.GetTimestamp();
        long moved = begin;
        (long, long, long, long) seen = default;
        do
        {
            await journals.ReadSinksAsync(marker, load.Receipts, TimestampOf, ct);
            CarrierSums now = await journals.SumsAsync(ct);
            long submits = now.Submits - _before.Submits;
            long made = now.ReceiptsMade - _before.ReceiptsMade;
            bool emitted = !journals.HasCarriers || submits >= load.Messages.Accepted;
            bool receipted = !load.ExpectsReceipts || !journals.HasCarriers || (now.ReceiptsPending == 0 && load.Receipts.Once >= made);
            if (emitted && receipted && load.Messages.Open == 0)
                return true;
            var state = (submits, made, now.ReceiptsAcknowledged, load.Receipts.Taken);
            if (state != seen)
                (seen, moved) = (state, time.GetTimestamp());
        }
        while (time.GetElapsedTime(begin) < options.Settle && time.GetElapsedTime(moved) < options.Quiet && await beat.WaitForNextTickAsync(ct));
        return false;
    }

    private long TimestampOf(long unixMicros)
        => _start + (long)((unixMicros - _unixMicrosAtStart) * (double)time.TimestampFrequency / 1_000_000);
}
