using SmsGateway.Load.Cli;
using SmsGateway.Load.Faults;

namespace SmsGateway.Load.Run;

/// <summary>What every measured run has, whatever the protocol.</summary>
internal sealed record FrameOptions
{
    /// <summary>Messages to send; 0 = as many as the seconds allow.</summary>
    public int Messages { get; init; }

    /// <summary>New messages for so long; zero = until all messages are sent.</summary>
    public TimeSpan Duration { get; init; }

    public IReadOnlyList<Uri> Carriers { get; init; } = [];

    public IReadOnlyList<Uri> Sinks { get; init; } = [];

    public IReadOnlyList<Uri> Admins { get; init; } = [];

    public string AdminKey { get; init; } = "local-admin-key";

    /// <summary>The longest wait for emissions and receipts after the last message.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>When nothing has moved for so long the wait ends.</summary>
    public TimeSpan Quiet { get; init; }

    /// <summary>For so long it listens on when everything is there: for what should not come.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>When no message was settled for so long, the sending ends.</summary>
    public TimeSpan Stall { get; init; }

    public IReadOnlyList<(string Name, string Pid)> Processes { get; init; } = [];

    public string? Disk { get; init; }

    public string? Json { get; init; }

    /// <summary>A line per second at the carriers.</summary>
    public bool PerSecond { get; init; }

    /// <summary>Where the messages go, in the order of their numbers in all books.</summary>
    public IReadOnlyList<Node> Nodes { get; init; } = [];

    public FaultPlan? Faults { get; init; }

    /// <summary>File of the faults that somebody else does meanwhile.</summary>
    public string? Marks { get; init; }

    /// <summary>Numbers to make room for.</summary>
    public int Capacity => Messages > 0 ? Messages : Math.Min(20_000_000, (int)(Duration.TotalSeconds * 60_000) + 100_000);

    public static FrameOptions From(Arguments arguments)
    {
        IReadOnlyList<Node> nodes = Node.From(arguments);
        List<(string Name, string Pid)> processes = [("load", $"{Environment.ProcessId}"), .. arguments.All("--pid").Select(Process)];
        FaultPlan? faults = FaultPlan.From(arguments, nodes, processes[1..]);
        processes.AddRange(nodes.Where(n => n.PidFile is not null && !processes.Exists(p => p.Name == n.Name)).Select(n => (n.Name, "@" + n.PidFile)));
        var options = new FrameOptions
        {
            Messages = arguments.Number("--messages", 0),
            Duration = arguments.Seconds("--seconds", 0),
            Carriers = arguments.Urls("--carrier-control"),
            Sinks = arguments.Urls("--sink"),
            Admins = [.. arguments.Urls("--admin").Concat(nodes.Select(n => n.Admin).OfType<Uri>()).Distinct()],
            AdminKey = arguments.Text("--admin-key", "local-admin-key"),
            Settle = arguments.Seconds("--settle", 60),
            Quiet = arguments.Seconds("--quiet", 35),
            Linger = arguments.Seconds("--linger", 0),
            Stall = arguments.Seconds("--stall", 120),
            Processes = processes,
            Disk = arguments.Optional("--disk"),
            Json = arguments.Optional("--json"),
            PerSecond = arguments.Flag("--per-second"),
            Nodes = nodes,
            Faults = faults,
            Marks = arguments.Optional("--marks"),
        };
        if (options.Messages == 0 && options.Duration == TimeSpan.Zero)
            throw new LoadFailure("--messages or --seconds is needed");
        return options;
    }

    private static (string Name, string Pid) Process(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : throw new LoadFailure($"--pid must be NAME=PID or NAME=@FILE, not \"{text}\"");
    }
}
