using SmsGateway.Load.Run;

namespace SmsGateway.Load.Faults;

/// <summary>One fault to come.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Names">To whom, all at once.</param>
/// <param name="WaitSeconds">After the start of the run, or after the fault before is over.</param>
/// <param name="StopSeconds">How long a stop lasts.</param>
internal sealed record FaultStep(FaultKind Kind, IReadOnlyList<string> Names, double WaitSeconds, double StopSeconds);

/// <summary>The rules of a run made into steps, one after the other in the order given. The same seed makes the same steps.</summary>
internal static class FaultSchedule
{
    private const int MostSteps = 1000;

    public static IReadOnlyList<FaultStep> Of(IReadOnlyList<FaultRule> rules, int seed)
    {
        var random = new Random(seed);
        var steps = new List<FaultStep>();
        foreach (FaultRule rule in rules)
        {
            for (int time = 0; time < rule.Times; time++)
            {
                int first = rule.InTurn || rule.Groups.Count == 1 ? 0 : random.Next(rule.Groups.Count);
                for (int i = 0; i < (rule.InTurn ? rule.Groups.Count : 1); i++)
                {
                    double wait = rule.FromSeconds + (random.NextDouble() * (rule.ToSeconds - rule.FromSeconds));
                    steps.Add(new FaultStep(rule.Kind, rule.Groups[first + i], wait, rule.StopSeconds));
                }
            }
        }

        return steps.Count <= MostSteps ? steps : throw new LoadFailure($"{steps.Count} faults are too many");
    }

    /// <summary>Fails where a step hurts what nobody named, or what an earlier step ended for good.</summary>
    public static void Check(IReadOnlyList<FaultStep> steps, IReadOnlyCollection<string> known, bool restarts)
    {
        if (steps.SelectMany(step => step.Names).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new LoadFailure($"--fault: no pid file is known for {unknown}; known: {string.Join(' ', known)}");
        var ended = new HashSet<string>();
        foreach (FaultStep step in steps)
        {
            if (step.Names.FirstOrDefault(ended.Contains) is { } gone)
                throw new LoadFailure($"{gone} would be hurt after its end: give --restart, or another --seed");
            if (!restarts && step.Kind != FaultKind.Stop)
                ended.UnionWith(step.Names);
        }
    }
}
