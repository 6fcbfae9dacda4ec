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
        Dictionary<int, ProcessLine> all = ProcessTable.Snapshot();
        return processes.ToDictionary(p => p.Name, p => ProcessTable.Pid(p.Pid) is { } pid ? Sum(all, pid) : 0);
    }

    private static double Sum(Dictionary<int, ProcessLine> all, int root)
        => ProcessTable.Tree(all, root).Sum(pid => all[pid].Ticks + all[pid].EndedTicks) * MicrosPerTick;
}
