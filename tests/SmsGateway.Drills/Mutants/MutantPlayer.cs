using SmsGateway.Drills.Play;
using SmsGateway.Drills.Rows;

namespace SmsGateway.Drills.Mutants;

// Plays the drill of each mutant twice, in its short form: as the gateway is, and with the mutant in every node. The processes inherit the variable.
internal static class MutantPlayer
{
    private const string Variable = "SMSGATEWAY_MUTANT";

    public static async Task<int> PlayAllAsync(IReadOnlyList<MutantCase> mutants, int seed, int times, string? json)
    {
        if (DrillBuild.Missing() is { } missing)
        {
            Console.Error.WriteLine($"{missing} -- mutants");
            return 2;
        }

        List<MutantReport> reports = [];
        for (var time = 0; time < times; time++)
        {
            foreach (var mutant in mutants)
            {
                reports.Add(await PlayAsync(mutant, seed + time));
            }
        }

        if (json is not null)
        {
            await File.WriteAllTextAsync(json, MutantReport.ToJson(reports, Player.Conditions()));
        }

        Console.WriteLine();
        foreach (var report in reports)
        {
            Console.WriteLine($"{report.Mutant.Name,-26} seed {report.Sound.Seed}: {report.Verdict}");
        }

        Console.WriteLine($"Mutants: {reports.Count(report => report.Caught)} caught, {reports.Count(report => !report.Caught)} not");
        return reports.TrueForAll(report => report.Caught) ? 0 : 1;
    }

    private static async Task<MutantReport> PlayAsync(MutantCase mutant, int seed)
    {
        var drill = DrillList.Find(mutant.Drill)!;
        Console.WriteLine($"==> {mutant.Name}: {mutant.Breaks}; first {drill.Name} without it, seed {seed}");
        var sound = await Player.PlayAsync(drill, seed, isShort: true);
        sound.Print(Console.Out);
        if (!sound.Passed)
        {
            return new MutantReport(mutant, sound, null);
        }

        Console.WriteLine($"==> {drill.Name} with {mutant.Name}");
        Environment.SetEnvironmentVariable(Variable, mutant.Name);
        try
        {
            var report = new MutantReport(mutant, sound, await Player.PlayAsync(drill, seed, isShort: true));
            report.Mutated!.Print(Console.Out);
            Console.WriteLine(report.Verdict);
            return report;
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
