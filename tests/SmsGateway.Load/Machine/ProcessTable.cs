using System.Globalization;
using System.Runtime.InteropServices;

namespace SmsGateway.Load.Machine;

/// <summary>One line of /proc: CPU in ticks, its own and that of children that ended.</summary>
internal readonly record struct ProcessLine(int Parent, char State, long Ticks, long EndedTicks);

/// <summary>Other processes: facts from /proc, signals by kill(2).</summary>
internal static partial class ProcessTable
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigContinue = 18;
    public const int SigStop = 19;

    /// <summary>A pid, or @FILE that holds one (its first line); null when it holds none.</summary>
    public static int? Pid(string text)
    {
        string number = text;
        if (text.StartsWith('@'))
            number = File.Exists(text[1..]) ? File.ReadLines(text[1..]).FirstOrDefault("").Trim() : "";
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 1 ? pid : null;
    }

    /// <summary>Whether it runs; one that ended and was not yet waited for does not.</summary>
    public static bool Exists(int pid) => Read($"/proc/{pid}") is { State: not ('Z' or 'X') };

    /// <summary>False when there is no such process.</summary>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>All processes by pid.</summary>
    public static Dictionary<int, ProcessLine> Snapshot()
    {
        var all = new Dictionary<int, ProcessLine>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Read(directory) is { } line)
                all[pid] = line;
        }

        return all;
    }

    /// <summary>The process and all below it, parents before their children.</summary>
    public static List<int> Tree(IReadOnlyDictionary<int, ProcessLine> all, int root)
    {
        List<int> tree = all.ContainsKey(root) ? [root] : [];
        for (int i = 0; i < tree.Count; i++)
            tree.AddRange(all.Where(p => p.Value.Parent == tree[i]).Select(p => p.Key));
        return tree;
    }

    /// <summary>Stops a process and all below it: PostgreSQL is a postmaster and its backends. Returns whom to continue.</summary>
    public static List<int> StopTree(int root)
    {
        var stopped = new List<int>();
        while (true)
        {
            // The parent stands first, so that it makes no new children; one made meanwhile is found by the next look.
            List<int> more = Tree(Snapshot(), root);
            more.RemoveAll(stopped.Contains);
            if (more.Count == 0)
                return stopped;
            more.ForEach(pid => Send(pid, SigStop));
            stopped.AddRange(more);
        }
    }

    private static ProcessLine? Read(string directory)
    {
        try
        {
            // After the name in parentheses: state, ppid, ... utime is field 14 of the whole line, stime 15, cutime 16, cstime 17.
            string stat = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessLine((int)Number(fields[1]), fields[0][0], Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
