using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// The ledger restored to a point in time (base backup, WAL archive, recovery_target_time) at which messages waited that were sent afterwards
// (docs/restore.md).
internal static partial class Restores
{
    private const int Waiting = 60;
    private const int Tps = 2; // of each carrier: 15 s
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<Drill> All { get; } =
    [
        Of("restore-by-the-runbook", "the nodes stopped, the ledger restored to a point in time, the quarantine opened as the runbook says", async run =>
        {
            foreach (var node in run.Gateway.Nodes)
            {
                await node.TerminateAsync();
            }

            await run.Gateway.Postgres.StopAsync();
        }, async (run, point) =>
        {
            var said = await run.Gateway.HostAsync(0, "restore", "quarantine", "--since", point.ToString("O"));
            run.Promise(said.Contains("in quarantine", StringComparison.Ordinal), "the command opens the quarantine");
            await LaunchAsync(run);
        }, isTold: true),
        Of("restore-under-nodes", "the ledger restored to a point in time under running nodes, which nobody tells", async run =>
        {
            await run.Gateway.Postgres.StopAsync();
            foreach (var node in run.Gateway.Nodes)
            {
                await SaysAsync(run, node, "the lease is lost");
            }
        }, (_, _) => Task.CompletedTask, isTold: false),
        Of("restore-of-killed-nodes", "kill -9 of the nodes, the ledger restored to a point in time, the nodes started again, which nobody tells", async run =>
        {
            await run.Gateway.PostAsync(("message_id", "last of the old ledger")); // and a renewal or two
            await Task.WhenAll(run.Gateway.Nodes.Select(node => node.KillAsync()));
            await run.Gateway.Postgres.StopAsync();
        }, (run, _) => LaunchAsync(run), isTold: false) with { OnlyAtLength = true },
    ];

    private static Drill Of(string name, string fault, Func<DrillRun, Task> stop, Func<DrillRun, DateTimeOffset, Task> start, bool isTold) => new(
        name, fault, "what carriers have since is not sent again; it is in doubt and listed; what comes in afterwards is sent", run => PlayAsync(run, stop, start, isTold))
    {
        Nodes = Drill.TwoNodes,
    };

    private static async Task PlayAsync(DrillRun run, Func<DrillRun, Task> stop, Func<DrillRun, DateTimeOffset, Task> start, bool isTold)
    {
        var gateway = await run.StartAsync(g =>
        {
            g.IsArchived = true;
            g.Configuration = document => Documents.WithRate(document, Tps);
        });
        await gateway.Postgres.BackUpAsync();
        string[] ids = [.. Enumerable.Range(0, Waiting).Select(i => $"{run.Random.NextInt64():x}-{i}")];
        await Task.WhenAll(ids.Select((id, i) => HandInAsync(gateway, gateway.Nodes[i % gateway.Nodes.Count], id, "once " + id)));
        var early = 2 + run.Random.Next(Waiting / 3);
        await Eventually.TrueAsync(async () => await SeenAsync(gateway, "once ") >= early, $"{early} are at their carriers", Patience);
        var point = TimeProvider.System.GetUtcNow();
        run.Row("at their carriers at the point in time", $"{await SeenAsync(gateway, "once ")} of {Waiting}");

        // One whose receipt comes after the restore would be in doubt no longer.
        await Eventually.TrueAsync(async () => await ReceiptsAsync(gateway) == Waiting, "all are at their carriers, and their receipts here", Patience);
        run.Promise(await SeenAsync(gateway, "once ") == Waiting, Promised.NothingLost);

        await stop(run);
        var began = TimeProvider.System.GetTimestamp();
        await gateway.Postgres.RestoreAsync(point);
        run.Measured("restored after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        await start(run, point);
        foreach (var node in gateway.Nodes)
        {
            await SaysAsync(run, node, "quarantine");
        }

        run.Measured("in quarantine after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        var (segments, attempts) = await ReleaseAsync(run, isTold);
        await gateway.AwaitReadyAsync();

        // Lanes are in order: had one of them been in a lane, it would be out before these.
        string[] after = [.. gateway.Nodes.Select((_, i) => $"after-{run.Random.NextInt64():x}-{i}")];
        await Task.WhenAll(after.Select((id, i) => HandInAsync(gateway, gateway.Nodes[i], id, id)));
        foreach (var id in after)
        {
            await Eventually.TrueAsync(async () => await SeenAsync(gateway, id) == 1, "a new message is at its carrier", Patience);
        }

        run.Promise(await SeenAsync(gateway, "once ") == Waiting, Promised.NothingTwice);
        await DoubtsAsync(run, segments + attempts);
    }

    private static async Task HandInAsync(GatewayTopology gateway, GatewayNode node, string id, string text)
    {
        var (status, body, _) = await gateway.PostAsync(node, ("message_id", id), ("message", text), ("receipt", "TRUE"));
        if (status != 200)
        {
            throw new InvalidOperationException($"{node.Name} answered {status}: {body}");
        }
    }

    private static async Task LaunchAsync(DrillRun run)
    {
        foreach (var node in run.Gateway.Nodes)
        {
            await run.Gateway.LaunchAsync(node);
        }
    }

    // What was put in doubt, by the command's own word.
    private static async Task<(int Segments, int Attempts)> ReleaseAsync(DrillRun run, bool isTold)
    {
        if (!isTold)
        {
            var status = await run.Gateway.HostAsync(0, "restore", "status");
            run.Promise(status.Contains("suspected", StringComparison.Ordinal), "nodes that were not told suspect it");
            var refusal = await run.Gateway.HostAsync(2, "restore", "release");
            run.Promise(refusal.Contains("restore quarantine", StringComparison.Ordinal), "what is only suspected is not released");
            await run.Gateway.HostAsync(0, "restore", "quarantine");
        }

        var match = PutInDoubt().Match(await run.Gateway.HostAsync(0, "restore", "release"));
        var (segments, attempts) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        run.Row("put in doubt", $"{segments} waiting segments, {attempts} open attempts");
        run.Promise(segments >= 1, "messages waited that were sent since");
        return (segments, attempts);
    }

    private static async Task DoubtsAsync(DrillRun run, int expected)
    {
        var doubts = (await run.Gateway.AdminAsync("doubts?limit=1000")).GetProperty("items").EnumerateArray().ToList();
        run.Row("in doubt afterwards", $"{doubts.Count}");
        run.Promise(doubts.Count == expected, $"the {expected} doubts are listed");
        run.Promise(doubts.TrueForAll(doubt => doubt.GetProperty("cause").GetString() == "restored"), "their cause is the restore");

        // The operator has asked the carriers.
        await run.Gateway.ChangeAsync(
            HttpMethod.Post, "doubts/decide", new { decision = "sent", filter = new { limit = 1000 }, note = "the carriers have them" });
        run.Promise((await run.Gateway.AdminAsync("doubts?limit=1000")).GetProperty("total").GetInt32() == 0, "an operator decides them all at once");
    }

    [GeneratedRegex(@"put in doubt: (\d+) waiting segments, (\d+) open attempts")]
    private static partial Regex PutInDoubt();

    private static async Task<int> SeenAsync(GatewayTopology gateway, string text) =>
        (await gateway.SubmitsAsync(gateway.CarrierA, text)).Length + (await gateway.SubmitsAsync(gateway.CarrierB, text)).Length;

    private static async Task<long> ReceiptsAsync(GatewayTopology gateway) =>
        (await gateway.RowsAsync("SELECT count(DISTINCT id) FROM receipt", row => row.GetInt64(0))).Single();

    // The lease's line in a node's health; while it starts, nothing answers.
    private static Task SaysAsync(DrillRun run, GatewayNode node, string what) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                using var answer = await run.Gateway.Http.GetAsync(new Uri(node.Admin, "/health/ready"));
                return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("lease").TryGetProperty("detail", out var detail) &&
                    detail.GetString()!.Contains(what, StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                return node.Process.HasExited ? throw new InvalidOperationException($"{node.Name} ended by itself:\n{node.Process.Output}") : false;
            }
        },
        $"{node.Name} says: {what}",
        Patience);
}
