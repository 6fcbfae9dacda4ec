using System.Globalization;

namespace SmsGateway.Load.Machine;

// CPU time of processes with all their children (PostgreSQL is many), read from /proc. Children that ended are in their parent's sums.
internal sealed class CpuClock(IReadOnlyList<(string Name, string Pid)> processes)
{
    // Linux fixes USER_HZ at 100 for what it shows in /proc.
    private const double MicrosPerTick = 10_000;

    private Dictionary<string, double> _start = [];

    /// <summary>From now on.</summary>
    public void Start() => _start = Read();

    /// <summary>CPU microseconds since the start, by name. A process that was restarted counts from its new beginning.</summary>
    public IReadOnlyDictionary<string, double> Elapsed()
        => Read().ToDictionary(p => p.Key, p => Math.Max(0, p.Value >= _start.GetValueOrDefault(p.Key) ? p.Value - _start.GetValueOrDefault(p.Key) : p.Value));

    private Dictionary<string, double> Read()
    {
        Dictionary<int, (int Parent, double Own, double Ended)> all = Snapshot();
        return processes.ToDictionary(p => p.Name, p => Pid(p.Pid) is { } pid && all.ContainsKey(pid) ? Tree(all, pid) : 0);
    }

    // A pid, or @FILE that holds one.
    private static int? Pid(string text)
    {
        string number = text;
        if (text.StartsWith('@'))
            number = File.Exists(text[1..]) ? File.ReadAllText(text[1..]).Trim() : "";
        return int.TryParse(number, CultureInfo.InvariantCulture, out int pid) ? pid : null;
    }

    private static double Tree(Dictionary<int, (int Parent, double Own, double Ended)> all, int root)
    {
        double sum = all[root].Own + all[root].Ended;
        foreach ((int pid, var process) in all)
        {
            if (process.Parent == root)
                sum += Tree(all, pid);
        }

        return sum;
    }

    private static Dictionary<int, (int Parent, double Own, double Ended)> Snapshot()
    {
        var all = new Dictionary<int, (int, double, double)>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid) || ReadStat(directory) is not { } stat)
                continue;
            // After the name in parentheses: state, ppid, ... utime is field 14 of the whole line, stime 15, cutime 16, cstime 17.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            all[pid] = (int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(fields[11], fields[12]), Ticks(fields[13], fields[14]));
        }

        return all;
    }

    private static string? ReadStat(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "stat"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Ticks(string user, string system)
        => (long.Parse(user, CultureInfo.InvariantCulture) + long.Parse(system, CultureInfo.InvariantCulture)) * MicrosPerTick;
}
