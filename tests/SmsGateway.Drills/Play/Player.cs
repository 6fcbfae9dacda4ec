using System.Globalization;
using SmsGateway.TestKit;

namespace SmsGateway.Drills.Play;

// Plays drills. A drill that cannot be played has failed: nothing is skipped in silence.
internal static class Player
{
    /// <summary>Plays them, so many at once, and prints each one's table when it ends. The reports are in the order of the drills.</summary>
    public static async Task<IReadOnlyList<DrillReport>> PlayAllAsync(IReadOnlyList<Drill> drills, int seed, bool isShort, int atOnce, TextWriter to)
    {
        var reports = new DrillReport[drills.Count];
        var printing = new Lock();
        await Parallel.ForAsync(0, drills.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) =>
        {
            lock (printing)
            {
                to.WriteLine($"==> {drills[i].Name}, seed {seed}");
            }

            reports[i] = await PlayAsync(drills[i], seed, isShort);
            lock (printing)
            {
                reports[i].Print(to);
            }
        });
        return reports;
    }

    public static async Task<DrillReport> PlayAsync(Drill drill, int seed, bool isShort)
    {
        var began = TimeProvider.System.GetTimestamp();
        var run = new DrillRun(drill, seed, isShort);
        string? trouble = null;
        try
        {
            if (drill.Obstacle() is { } obstacle)
            {
                return new DrillReport(drill, seed, isShort, Passed: false, obstacle, 0);
            }

            await drill.PlayAsync(run);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            trouble = error is TimeoutException or InvalidOperationException ? error.Message : error.ToString();
        }

        try
        {
            if (trouble is not null || !run.Passed)
            {
                await run.KeepLogsAsync();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            run.Row("logs", $"could not be kept: {error.Message}");
        }

        try
        {
            await run.DisposeAsync();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The other drills are still played.
            trouble ??= $"it could not be tidied up: {error}";
        }

        return new DrillReport(drill, seed, isShort, trouble is null && run.Passed, trouble, TimeProvider.System.GetElapsedTime(began).TotalSeconds)
        {
            Rows = run.Rows,
            Promises = run.Promises,
            Seconds = run.Seconds,
            Load = run.Load,
        };
    }

    /// <summary>What figures hang on.</summary>
    public static IReadOnlyDictionary<string, string> Conditions() => new Dictionary<string, string>
    {
        ["cpus"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["loadAverage"] = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "",
        ["postgres"] = PostgresBinaries.Find() ?? "none",
        ["at"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
    };
}
