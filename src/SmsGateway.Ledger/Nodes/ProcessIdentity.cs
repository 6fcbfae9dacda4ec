using System.Diagnostics;
using System.Globalization;

namespace SmsGateway.Ledger;

// Which process of which machine holds a name, so that a restart on the same machine need not wait until the lease of a
// process that is provably gone has been silent for long enough. Elsewhere nothing is known, and the wait decides.
internal static class ProcessIdentity
{
    private const int StartTimeField = 19; // of /proc/PID/stat, counted after the command

    /// <summary>This process; null where /proc does not tell.</summary>
    public static string? Mine { get; } = Of(Environment.ProcessId) is { } started && Place() is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"{place} {Environment.ProcessId} {started}")
        : null;

    /// <summary>Whether a process is known to have ended: it ran here (same boot, same pid namespace) and is not there any more.</summary>
    public static bool HasEnded(string? process)
    {
        if (process?.Split(' ') is not [var boot, var space, var pid, var started] || Place() is not { } place || $"{boot} {space}" != place)
        {
            return false;
        }

        // /proc may hide the processes of others: what it does not show has ended only when no signal finds it either.
        return int.TryParse(pid, CultureInfo.InvariantCulture, out var number) && (Of(number) is { } found ? found != started : !Runs(number));
    }

    private static string? Place()
    {
        try
        {
            var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            return space is null ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {space}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Runs(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The time it started; of one that has ended and was not waited for yet, a word. Null = /proc shows no such process.
    private static string? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? "ended" : fields[StartTimeField];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
