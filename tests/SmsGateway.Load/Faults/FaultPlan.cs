using SmsGateway.Load.Cli;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Faults;

/// <summary>A process that can be hurt.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pid">A pid, or @FILE that holds one.</param>
/// <param name="Node">Number of the node, -1 for anything else.</param>
/// <param name="Admin">Where it says that it is ready again.</param>
internal sealed record Victim(string Name, string Pid, int Node, Uri? Admin);

/// <summary>The faults of a run and what is done after each.</summary>
/// <param name="Steps">In order; none overlaps another.</param>
/// <param name="Victims">By name.</param>
/// <param name="Restart">Shell command after a kill or an orderly stop; {node} stands for the names.</param>
/// <param name="RestartAfter">Pause before it.</param>
internal sealed record FaultPlan(IReadOnlyList<FaultStep> Steps, IReadOnlyDictionary<string, Victim> Victims, string? Restart, TimeSpan RestartAfter)
{
    /// <summary>Null when no fault was asked for.</summary>
    public static FaultPlan? From(Arguments arguments, IReadOnlyList<Node> nodes, IReadOnlyList<(string Name, string Pid)> processes)
    {
        var victims = new Dictionary<string, Victim>();
        foreach ((string name, string pid) in processes)
            victims[name] = new Victim(name, pid, -1, null);
        for (int i = 0; i < nodes.Count; i++)
        {
            string? pid = nodes[i].PidFile is { } file ? "@" + file : victims.GetValueOrDefault(nodes[i].Name)?.Pid;
            if (pid is not null)
                victims[nodes[i].Name] = new Victim(nodes[i].Name, pid, i, nodes[i].Admin);
        }

        List<FaultRule> rules = [.. arguments.All("--fault").Select(FaultRule.Parse)];
        if (OfKillOptions(arguments, nodes) is { } kill)
        {
            rules.Add(kill.Rule);
            victims[kill.Victim.Name] = kill.Victim;
        }

        int seed = arguments.Number("--seed", 1);
        string? restart = arguments.Optional("--restart");
        TimeSpan restartAfter = arguments.Seconds("--restart-after", 0);
        if (rules.Count == 0)
            return restart is null ? null : throw new LoadFailure("--restart goes with --fault or --kill");
        IReadOnlyList<FaultStep> steps = FaultSchedule.Of(rules, seed);
        FaultSchedule.Check(steps, victims.Keys, restart is not null);
        return new FaultPlan(steps, victims, restart, restartAfter);
    }

    // --kill NAME --pid-file FILE [--at FROM-TO] [--kills N]: the short form for one node.
    private static (FaultRule Rule, Victim Victim)? OfKillOptions(Arguments arguments, IReadOnlyList<Node> nodes)
    {
        string? name = arguments.Optional("--kill");
        string? pidFile = arguments.Optional("--pid-file");
        string when = $"{arguments.Text("--at", "2-5")}x{arguments.Number("--kills", 1)}";
        if (name is null)
            return pidFile is null ? null : throw new LoadFailure("--pid-file goes with --kill NAME");
        if (pidFile is null)
            throw new LoadFailure("--kill needs --pid-file FILE; or name the node by --node and use --fault");
        int named = nodes.ToList().FindIndex(node => node.Name == name);
        int number = named < 0 && nodes.Count == 1 ? 0 : named;
        return (FaultRule.Parse($"kill:{name}@{when}"), new Victim(name, "@" + pidFile, number, number < 0 ? null : nodes[number].Admin));
    }
}
