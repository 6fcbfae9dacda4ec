using System.Globalization;
using SmsGateway.Drills;
using SmsGateway.Drills.Mutants;
using SmsGateway.Drills.Play;

const string Usage = """
    SmsGateway.Drills: hurts real processes under load, heals them, and lays the journals of all sides side by side.

      dotnet run -c Drill --project tests/SmsGateway.Drills -- COMMAND

      list                                     the drills, what each hurts and proves
      run NAME... [--seed N] [--short] [--json FILE]    [--times N]: with N seeds, one after the other
      all         [--seed N] [--short] [--json FILE]    [--at-once N]: so many drills beside each other, each with its own topology

      mutants [NAME...] [--seed N] [--times N] [--json FILE]    breaks one promise after the other on purpose: each must be caught by its drill

    The exit code is 0 only when every drill passed (mutants: every one was caught). The last line is "Drills: N passed, N failed". The same seed makes the same faults.
    """;

List<string> words = [];
var (seed, times, atOnce, isShort, json) = (1, 1, 1, false, (string?)null);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--short":
            isShort = true;
            break;
        case "--seed" or "--times" or "--at-once" or "--json" when i + 1 == args.Length:
            return Wrong($"{args[i]} needs a value");
        case "--seed" when !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed):
        case "--times" when !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out times) || times < 1:
            return Wrong($"{args[i]} must be a number");
        case "--at-once" when !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out atOnce) || atOnce < 1:
            return Wrong($"{args[i]} must be a number");
        case "--seed" or "--times" or "--at-once":
            i++;
            break;
        case "--json":
            json = args[++i];
            break;
        case var option when option.StartsWith('-'):
            return Wrong($"unknown option {option}");
        default:
            words.Add(args[i]);
            break;
    }
}

IReadOnlyList<Drill> drills;
switch (words)
{
    case ["list"]:
        foreach (var drill in DrillList.All)
        {
            Console.WriteLine($"{drill.Name,-26} {drill.Fault}\n{"",-26} {drill.Proves}");
        }

        return 0;
    case ["all"]:
        drills = [.. DrillList.All.Where(drill => !isShort || !drill.OnlyAtLength)];
        break;
    case ["mutants", .. var names]:
        if (names.FirstOrDefault(name => MutantList.Find(name) is null) is { } strange)
        {
            return Wrong($"no mutant is named {strange}; known are {string.Join(", ", MutantList.All.Select(mutant => mutant.Name))}");
        }

        return await MutantPlayer.PlayAllAsync(names.Count == 0 ? MutantList.All : [.. names.Select(name => MutantList.Find(name)!)], seed, times, json);
    case ["run", _, ..]:
        if (words.Skip(1).FirstOrDefault(name => DrillList.Find(name) is null) is { } unknown)
        {
            return Wrong($"no drill is named {unknown}; see list");
        }

        drills = [.. words.Skip(1).Select(name => DrillList.Find(name)!)];
        break;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

List<DrillReport> reports = [];
for (var time = 0; time < times; time++)
{
    reports.AddRange(await Player.PlayAllAsync(drills, seed + time, isShort, atOnce, Console.Out));
}

if (json is not null)
{
    await File.WriteAllTextAsync(json, DrillReport.ToJson(reports, Player.Conditions()));
}

Console.WriteLine();
Console.WriteLine($"Drills: {reports.Count(report => report.Passed)} passed, {reports.Count(report => !report.Passed)} failed");
return reports.TrueForAll(report => report.Passed) ? 0 : 1;

static int Wrong(string what)
{
    Console.Error.WriteLine(what);
    return 2;
}
