using System.Diagnostics;
using System.Globalization;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Machine;

/// <summary>What to kill, when, and how it is started again.</summary>
/// <param name="Name">A name for the report.</param>
/// <param name="PidFile">File that holds the process's pid.</param>
/// <param name="FromSeconds">Earliest moment, after the start of the run or after the last kill.</param>
/// <param name="ToSeconds">Latest moment; the moment is drawn between the two.</param>
/// <param name="Restart">Shell command that starts it again.</param>
/// <param name="Kills">How often.</param>
/// <param name="Seed">Seed of the moments.</param>
internal sealed record KillPlan(string Name, string PidFile, double FromSeconds, double ToSeconds, string Restart, int Kills, int Seed);

/// <summary>One kill, in seconds of the run.</summary>
/// <param name="AtSeconds">When.</param>
/// <param name="RestartSeconds">How long the restart command took; it ended with <paramref name="RestartExit"/>.</param>
/// <param name="RestartExit">Exit code of the restart command.</param>
/// <param name="AcceptedAfterSeconds">From the kill to the next acceptance by any node; -1 = none.</param>
internal sealed record Kill(double AtSeconds, double RestartSeconds, int RestartExit, double AcceptedAfterSeconds);

// Kills a process with SIGKILL in the middle of a run and starts it again, several times.
internal sealed class Killer(KillPlan plan, ILoad load, TimeProvider time)
{
    private static readonly TimeSpan RestartWithin = TimeSpan.FromSeconds(120);

    private readonly List<Kill> _kills = [];
    private double _restartSeconds;

    public IReadOnlyList<Kill> Kills => _kills;

    public async Task RunAsync(CancellationToken stopping)
    {
        var random = new Random(plan.Seed);
        long runStart = time.GetTimestamp();
        for (int i = 0; i < plan.Kills; i++)
        {
            double wait = plan.FromSeconds + (random.NextDouble() * (plan.ToSeconds - plan.FromSeconds));
            await Task.Delay(TimeSpan.FromSeconds(wait), time, stopping);
            KillNow();
            long killed = time.GetTimestamp();
            int acceptedAtKill = load.Messages.Accepted;
            Task<int> restart = RestartAsync(stopping);
            double resumed = await WaitForAcceptanceAsync(restart, killed, acceptedAtKill, stopping);
            int exit = await restart;
            _kills.Add(new Kill(time.GetElapsedTime(runStart, killed).TotalSeconds, _restartSeconds, exit, resumed));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"killed {plan.Name} at {_kills[^1].AtSeconds:F2} s; restart took {_restartSeconds:F2} s (exit {exit}); accepting again after {resumed:F2} s"));
        }
    }

    private void KillNow()
    {
        string text = File.Exists(plan.PidFile) ? File.ReadAllText(plan.PidFile).Trim() : "";
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int pid))
            throw new LoadFailure($"{plan.PidFile} holds no pid");
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            throw new LoadFailure($"{plan.Name}: no process {pid}");
        }
    }

    private async Task<int> RestartAsync(CancellationToken stopping)
    {
        long start = time.GetTimestamp();
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        within.CancelAfter(RestartWithin);
        // No pipes: what the command starts would inherit them and hold them open.
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"( {plan.Restart} ) </dev/null >/dev/null 2>&1"]))!;
        await process.WaitForExitAsync(within.Token);
        _restartSeconds = time.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode;
    }

    // With several nodes others go on accepting, and this says how soon; with one it is the outage.
    private async Task<double> WaitForAcceptanceAsync(Task restart, long killed, int acceptedAtKill, CancellationToken stopping)
    {
        // Answers already in the client's sockets when the process died are not a resumption.
        await Task.Delay(TimeSpan.FromMilliseconds(100), time, stopping);
        acceptedAtKill = Math.Max(acceptedAtKill, load.Messages.Accepted);
        long restarted = 0;
        while (true)
        {
            if (load.Messages.Accepted > acceptedAtKill)
                return time.GetElapsedTime(killed).TotalSeconds;
            restarted = restart.IsCompleted && restarted == 0 ? time.GetTimestamp() : restarted;
            if (load.Done || (restarted != 0 && time.GetElapsedTime(restarted) > RestartWithin))
                return -1;
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, stopping);
        }
    }
}
