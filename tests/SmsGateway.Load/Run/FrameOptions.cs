using SmsGateway.Load.Cli;
using SmsGateway.Load.Machine;

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

    /// <summary>When no message was settled for so long, the sending ends.</summary>
    public TimeSpan Stall { get; init; }

    public IReadOnlyList<(string Name, string Pid)> Processes { get; init; } = [];

    public string? Disk { get; init; }

    public string? Json { get; init; }

    public KillPlan? Kill { get; init; }

    /// <summary>Numbers to make room for.</summary>
    public int Capacity => Messages > 0 ? Messages : Math.Min(20_000_000, (int)(Duration.TotalSeconds * 60_000) + 100_000);

    public static FrameOptions From(Arguments arguments)
    {
        var options = new FrameOptions
        {
            Messages = arguments.Number("--messages", 0),
            Duration = arguments.Seconds("--seconds", 0),
            Carriers = arguments.Urls("--carrier-control"),
            Sinks = arguments.Urls("--sink"),
            Admins = arguments.Urls("--admin"),
            AdminKey = arguments.Text("--admin-key", "local-admin-key"),
            Settle = arguments.Seconds("--settle", 60),
            Quiet = arguments.Seconds("--quiet", 35),
            Stall = arguments.Seconds("--stall", 120),
            Processes = [("load", $"{Environment.ProcessId}"), .. arguments.All("--pid").Select(Process)],
            Disk = arguments.Optional("--disk"),
            Json = arguments.Optional("--json"),
            Kill = Plan(arguments),
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

    private static KillPlan? Plan(Arguments arguments)
    {
        string? name = arguments.Optional("--kill");
        string? pidFile = arguments.Optional("--pid-file");
        string? restart = arguments.Optional("--restart");
        string[] at = arguments.Text("--at", "2-5").Split('-');
        int kills = arguments.Number("--kills", 1);
        int seed = arguments.Number("--seed", 1);
        if (name is null)
            return pidFile is null && restart is null ? null : throw new LoadFailure("--pid-file and --restart go with --kill NAME");
        if (pidFile is null || restart is null)
            throw new LoadFailure("--kill needs --pid-file FILE and --restart COMMAND");
        if (!double.TryParse(at[0], out double from) || !double.TryParse(at[^1], out double to) || to < from || at.Length > 2)
            throw new LoadFailure("--at must be SECONDS or FROM-TO");
        return new KillPlan(name, pidFile, from, to, restart, kills, seed);
    }
}
