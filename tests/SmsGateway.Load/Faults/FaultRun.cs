using System.Diagnostics;
using System.Globalization;
using SmsGateway.Load.Machine;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Faults;

// Hurts processes in the middle of a run and heals them, one fault after the other.
internal sealed class FaultRun(FaultPlan plan, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly List<Fault> _done = [];

    /// <summary>Faults done so far.</summary>
    public IReadOnlyList<Fault> Done => _done;

    public int Planned => plan.Steps.Count;

    /// <param name="runStart">Timestamp of the run's beginning.</param>
    /// <param name="noMore">No further fault; the one under way is finished, its victims are healed.</param>
    /// <param name="ct">Gives up at once; what is stopped is still continued.</param>
    public async Task RunAsync(long runStart, CancellationToken noMore, CancellationToken ct)
    {
        foreach (FaultStep step in plan.Steps)
        {
            await Task.Delay(TimeSpan.FromSeconds(step.WaitSeconds), time, noMore);
            Victim[] victims = [.. step.Names.Select(name => plan.Victims[name])];
            int[] pids = Array.ConvertAll(victims, Running);
            var fault = new Fault(step, victims.Select(v => v.Node).Where(node => node >= 0).ToHashSet(), time.GetElapsedTime(runStart).TotalSeconds);
            _done.Add(fault);
            Say(runStart, $"{Word(step.Kind)} {string.Join(' ', step.Names)}");
            fault = _done[^1] = await HurtAsync(fault, pids, ct);
            if (fault.Trouble is null && step.Kind != FaultKind.Stop && plan.Restart is not null)
                fault = _done[^1] = await RestartAsync(fault, ct);
            if (fault.Trouble is null && (step.Kind == FaultKind.Stop || plan.Restart is not null))
                fault = _done[^1] = await ReadyAsync(fault, runStart, victims, ct);
            if (fault.Trouble is { } trouble)
            {
                Say(runStart, trouble);
                return;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static int Running(Victim victim)
        => ProcessTable.Pid(victim.Pid) is { } pid && ProcessTable.Exists(pid) ? pid
            : throw new LoadFailure($"{victim.Name}: no process runs under {victim.Pid}");

    private async Task<Fault> HurtAsync(Fault fault, int[] pids, CancellationToken ct)
    {
        if (fault.Step.Kind == FaultKind.Stop)
        {
            await FreezeAsync(pids, TimeSpan.FromSeconds(fault.Step.StopSeconds), ct);
            return fault;
        }

        Array.ForEach(pids, pid => ProcessTable.Send(pid, fault.Step.Kind == FaultKind.Kill ? ProcessTable.SigKill : ProcessTable.SigTerm));
        long start = time.GetTimestamp();
        if (!await EventuallyAsync(() => Task.FromResult(!Array.Exists(pids, ProcessTable.Exists)), ct))
            return fault with { Trouble = $"not gone within {Patience.TotalSeconds} s" };
        return fault with { GoneSeconds = time.GetElapsedTime(start).TotalSeconds };
    }

    private async Task FreezeAsync(int[] pids, TimeSpan how, CancellationToken ct)
    {
        var stopped = new List<int>();
        try
        {
            Array.ForEach(pids, pid => stopped.AddRange(ProcessTable.StopTree(pid)));
            await Task.Delay(how, time, ct);
        }
        finally
        {
            stopped.ForEach(pid => ProcessTable.Send(pid, ProcessTable.SigContinue));
        }
    }

    private async Task<Fault> RestartAsync(Fault fault, CancellationToken ct)
    {
        await Task.Delay(plan.RestartAfter, time, ct);
        long start = time.GetTimestamp();
        using var within = CancellationTokenSource.CreateLinkedTokenSource(ct);
        within.CancelAfter(Patience);
        // No pipes: what the command starts would inherit them and hold them open.
        string command = plan.Restart!.Replace("{node}", string.Join(' ', fault.Step.Names), StringComparison.Ordinal);
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"( {command} ) </dev/null >/dev/null 2>&1"]))!;
        try
        {
            await process.WaitForExitAsync(within.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return fault with { Trouble = $"the restart command did not end within {Patience.TotalSeconds} s" };
        }

        fault = fault with { RestartSeconds = time.GetElapsedTime(start).TotalSeconds };
        return process.ExitCode == 0 ? fault : fault with { Trouble = $"the restart command ended with exit code {process.ExitCode}" };
    }

    private async Task<Fault> ReadyAsync(Fault fault, long runStart, Victim[] victims, CancellationToken ct)
    {
        foreach (Victim victim in victims.Where(v => v.Admin is not null))
        {
            if (!await EventuallyAsync(() => IsReadyAsync(victim.Admin!, ct), ct))
                return fault with { Trouble = $"{victim.Name} is not ready after {Patience.TotalSeconds} s" };
        }

        double since = time.GetElapsedTime(runStart).TotalSeconds - fault.AtSeconds;
        Say(runStart, string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', fault.Step.Names)} over after {since:F1} s"));
        return Array.Exists(victims, v => v.Admin is not null) ? fault with { ReadySeconds = since } : fault;
    }

    private async Task<bool> IsReadyAsync(Uri admin, CancellationToken ct)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(admin, "/health/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<bool> EventuallyAsync(Func<Task<bool>> holds, CancellationToken ct)
    {
        long start = time.GetTimestamp();
        while (!await holds())
        {
            if (time.GetElapsedTime(start) > Patience)
                return false;
            await Task.Delay(Look, time, ct);
        }

        return true;
    }

    private static string Word(FaultKind kind) => kind switch
    {
        FaultKind.Kill => "SIGKILL",
        FaultKind.Stop => "SIGSTOP",
        _ => "SIGTERM",
    };

    private void Say(long runStart, string what)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(runStart).TotalSeconds,6:F1} s  fault: {what}"));
}
