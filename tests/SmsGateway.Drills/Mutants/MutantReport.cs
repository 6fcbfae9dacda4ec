using System.Text.Json;
using SmsGateway.Drills.Play;

namespace SmsGateway.Drills.Mutants;

/// <summary>What a drill made of the gateway as it is, and of a mutant.</summary>
internal sealed record MutantReport(MutantCase Mutant, DrillReport Sound, DrillReport? Mutated)
{
    /// <summary>The drill passes without the mutant, and fails with it for the promise that the mutant breaks.</summary>
    public bool Caught => Sound.Passed && Mutated is { Trouble: null } && Mutated.Promises.Any(p => !p.Held && p.Promise == Mutant.Promise);

    /// <summary>One line: what became of it.</summary>
    public string Verdict => this switch
    {
        { Caught: true } => $"CAUGHT by {Mutant.Drill}: broken: {string.Join("; ", Mutated!.Promises.Where(p => !p.Held).Select(p => p.Promise))}",
        { Sound.Passed: false } => $"NOT PROVEN: {Mutant.Drill} does not pass without it",
        { Mutated.Trouble: { } trouble } => $"NOT PROVEN: {Mutant.Drill} could not be played: {trouble}",
        { Mutated.Passed: true } => $"SURVIVED {Mutant.Drill}",
        _ => $"NOT PROVEN: {Mutant.Drill} failed for another reason than \"{Mutant.Promise}\"",
    };

    public static string ToJson(IReadOnlyList<MutantReport> reports, IReadOnlyDictionary<string, string> conditions) => JsonSerializer.Serialize(
        new
        {
            passed = reports.All(report => report.Caught),
            conditions,
            mutants = reports.Select(report => new
            {
                name = report.Mutant.Name,
                breaks = report.Mutant.Breaks,
                drill = report.Mutant.Drill,
                promise = report.Mutant.Promise,
                report.Sound.Seed,
                report.Caught,
                verdict = report.Verdict,
                sound = report.Sound.ToJsonView(),
                mutated = report.Mutated?.ToJsonView(),
            }),
        },
        DrillReport.Json);
}
