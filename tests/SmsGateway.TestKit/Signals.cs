using System.Globalization;
using System.Runtime.InteropServices;

namespace SmsGateway.TestKit;

/// <summary>POSIX signals that fault tests send; .NET itself can only kill.</summary>
public enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Other processes on Linux: signals by kill(2), facts from /proc.</summary>
public static partial class Signals
{
    /// <summary>Sends a signal. False when there is no such process or it may not be signalled.</summary>
    public static bool Send(int pid, Signal signal) => kill(pid, (int)signal) == 0;

    /// <summary>Whether a process of that id runs; one that ended and was not yet waited for does not.</summary>
    public static bool Exists(int pid) => Stat(pid) is { State: not ('Z' or 'X') };

    /// <summary>Whether a process is stopped, as SIGSTOP does.</summary>
    public static bool IsStopped(int pid) => Stat(pid) is { State: 'T' };

    /// <summary>The direct children of a process.</summary>
    public static IReadOnlyList<int> Children(int pid)
    {
        var children = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var child) && Stat(child) is { } stat && stat.Parent == pid)
                children.Add(child);
        }
        return children;
    }

    /// <summary>The processes whose working directory that is, such as a PostgreSQL's in its data directory, backends without a postmaster included.</summary>
    public static IReadOnlyList<int> WorkingIn(string directory)
    {
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), out var pid) && TargetOf(Path.Combine(entry, "cwd")) == directory)
                found.Add(pid);
        }
        return found;
    }

    // Null when it ended meanwhile, or may not be looked at.
    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (char State, int Parent)? Stat(int pid)
    {
        try
        {
            // "PID (NAME) STATE PARENT ...", where NAME may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
