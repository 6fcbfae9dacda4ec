using System.Globalization;
using SmsGateway.TestKit;

namespace SmsGateway.Drills.Play;

// Plays drills one after the other. A drill that cannot be played has failed: nothing is skipped in silence.
internal static class Player
{
    public static async Task<DrillReport> PlayAsync(Drill drill, int seed, bool isShort)
    {
        var began = TimeProvider.System.GetTimestamp();
        if (drill.Obstacle() is { } obstacle)
        {
            return new DrillReport(drill, seed, isShort, Passed: false, obstacle, 0);
        }

        var run = new DrillRun(drill, seed, isShort);
        string? trouble = null;
        try
        {
            await drill.PlayAsync(run);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            trouble = error is TimeoutException or InvalidOperationException ? error.Message : error.ToString();
        }
        finally
        {
            await run.DisposeAsync();
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
