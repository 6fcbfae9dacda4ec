using SmsGateway.Drills.Play;
using SmsGateway.TestKit;

namespace SmsGateway.Drills.Rows;

// Two versions at once: nodes of the version before (built from the repository's own history) on the schema of this one, replaced one after the other
// under load.
internal static class Upgrades
{
    // The commit that made the newest migration; its parent is the version before.
    private const string Migration = "src/SmsGateway.Ledger/Schema/Migrations/20261127000000_Proof.cs";

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "two-versions", "nodes of the version before run on the new schema beside nodes of this one, and are replaced under load",
            "nothing lost, nothing twice, nothing refused", UpgradeAsync) { OnlyAtLength = true },
    ];

    private static async Task UpgradeAsync(DrillRun run)
    {
        var program = await PreviousAsync();
        var old = new HashSet<string>(run.Nodes);
        var gateway = await run.StartAsync(g => g.ProgramFor = node => old.Contains(node.Name) ? program : null);
        await run.UnderLoadAsync(run.Of(30, 120), run.Rate, 0, async load =>
        {
            foreach (var node in gateway.Nodes)
            {
                load.Mark($"upgrade {node.Name}", node);
                old.Remove(node.Name);
                await gateway.RestartAsync(node.Name);
            }
        });
        run.Promise(run.Count("throttled") == 0, "nothing was refused");
    }

    // Built once below .local and kept: its directory is named after the commit.
    private static async Task<string> PreviousAsync()
    {
        var added = await GitAsync("log", "--diff-filter=A", "--format=%H", "-1", "--", Migration);
        if (added.Length == 0)
        {
            throw new InvalidOperationException("The repository's history does not say which version came before (no git, or a shallow clone?).");
        }

        var commit = await GitAsync("rev-parse", added + "^");
        var directory = Path.Combine(RepositoryPaths.Root, ".local", "previous", commit[..12]);
        var program = Path.Combine(directory, "bin", "SmsGateway.Host.dll");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(directory);
            await ShellAsync($"git archive {commit} | tar -x -C '{directory}'");
            await ShellAsync(
                $"cd '{directory}' && dotnet publish src/SmsGateway.Host -c Release -nologo -v q -nodeReuse:false -p:UseSharedCompilation=false -o bin.part && mv bin.part bin");
        }

        return program;
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        await using var git = ProcessUnderTest.Start("git", arguments, workingDirectory: RepositoryPaths.Root);
        return await git.WaitForExitAsync() == 0 ? git.Output.Trim() : "";
    }

    private static async Task ShellAsync(string command)
    {
        await using var shell = ProcessUnderTest.Start("bash", ["-o", "pipefail", "-c", command], workingDirectory: RepositoryPaths.Root);
        var code = await shell.WaitForExitAsync(TimeSpan.FromMinutes(10));
        if (code != 0)
        {
            throw new InvalidOperationException($"{command} ended with {code}:\n{shell.Output}");
        }
    }
}
