using System.Globalization;
using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// Nodes that stop for longer than their lease in the worst of moments, and wake. The lease and the ledger's fence each make up for the other's failure, so what
// is lost or sent twice would not tell that one of them is gone: these drills look for the promise itself, in the carriers' journals and in the ledger's own
// times of commit.
internal static class Fences
{
    private const int Tps = 80;

    public static IReadOnlyList<Drill> All { get; } =
    [
        Waking(
            "freeze-attempted", "attempt-committed", "an attempt is committed and its PDU not written", "the woken node sends nothing of its old epoch",
            async (run, woken) => Found(run, Promised.OldEpochSendsNothing, await SentAsync(run.Gateway, woken))),
        Waking(
            "freeze-claiming", "claim-unsent", "a claim is on its way to the ledger", "the woken node claims nothing under its old epoch",
            async (run, woken) => Found(run, Promised.OldEpochCommitsNothing, await CommittedAsync(run.Gateway, woken))),
    ];

    private static Drill Waking(string name, string failpoint, string state, string proves, Func<DrillRun, Woken, Task> look) => new(
        name, $"a node is stopped (SIGSTOP) when {state}, and wakes when another has taken it over", proves, run => PlayAsync(run, failpoint, look))
    {
        Nodes = Drill.TwoNodes,
        Obstacle = DrillBuild.Missing,
    };

    private static async Task PlayAsync(DrillRun run, string failpoint, Func<DrillRun, Woken, Task> look)
    {
        var postgres = run.Keep(await PostgresCluster.StartAsync(PostgresOptions.Durable with
        {
            Settings = new Dictionary<string, string> { ["max_connections"] = "200", ["track_commit_timestamp"] = "on" },
        }));
        var ledger = await postgres.CreateDatabaseAsync();
        GatewayNode? frozen = null;
        var gateway = await run.StartAsync(g =>
        {
            g.Ledger = ledger;
            g.Configuration = document => Documents.WithRate(document, Tps);
            frozen = g.Nodes[run.Random.Next(g.Nodes.Count)];
            var at = 2 + run.Random.Next(8); // early: a slow machine makes few, large batches
            g.OptionsFor = node => node == frozen
                ? new Dictionary<string, string?> { ["SMSGATEWAY_FAILPOINT"] = $"{failpoint}@{at}:stop" }
                : new Dictionary<string, string?>();
        });
        Woken? woken = null;

        // Customers wait for their answer: a repeat at the other node would take the key, and the woken node could not claim it.
        await run.UnderLoadAsync(run.Of(6, 20), 4 * Tps, NodeDeaths.DoubtsOfANode, async load => woken = await WakeAsync(run, load, frozen!), "--response-timeout", "120");
        await look(run, woken!);
    }

    private static async Task<Woken> WakeAsync(DrillRun run, LoadRun load, GatewayNode frozen)
    {
        var gateway = run.Gateway;
        var observer = gateway.Nodes.First(node => node != frozen);
        var process = frozen.Process.Id;
        await Eventually.TrueAsync(() => Signals.IsStopped(process), "the node has stopped", TimeSpan.FromSeconds(60));
        var began = TimeProvider.System.GetTimestamp();
        frozen.Suspend();
        load.Mark($"stop of {frozen.Name}", frozen);
        var epoch = await NodeTroubles.EpochAsync(gateway, observer, frozen);
        await Eventually.TrueAsync(
            async () => await NodeTroubles.EpochAsync(gateway, observer, frozen) > epoch, "another node has taken it over", TimeSpan.FromSeconds(60));
        run.Measured("taken over after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        var (id, taken) = (await gateway.RowsAsync(
            "SELECT id, pg_xact_commit_timestamp(xmin) FROM node WHERE name = $1", row => (row.GetInt16(0), row.GetDateTime(1)), frozen.Name)).Single();
        var at = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        frozen.Resume();
        await Eventually.TrueAsync(
            async () => await NodeTroubles.EpochAsync(gateway, observer, frozen) > epoch + 1, "the woken node has an epoch of its own again", TimeSpan.FromSeconds(60));
        return new Woken(id, epoch, taken, at);
    }

    private static void Found(DrillRun run, string promise, List<string> offenders)
    {
        run.Row("of an epoch that was taken over", string.Create(CultureInfo.InvariantCulture, $"{offenders.Count} {string.Join(' ', offenders.Take(20))}"));
        run.Promise(offenders.Count == 0, promise);
    }

    // Messages that reached a carrier after the node woke, though the only attempts there are of them are of its old epoch.
    private static async Task<List<string>> SentAsync(GatewayTopology gateway, Woken woken)
    {
        var old = new HashSet<string>(await gateway.RowsAsync(
            """
            SELECT e.client_message_id
            FROM (SELECT id, node, epoch FROM attempt_end UNION ALL SELECT id, owner, epoch FROM attempt) a JOIN entry e USING (id)
            GROUP BY e.client_message_id HAVING bool_and(a.node = $1 AND a.epoch = $2)
            """,
            row => row.GetString(0), woken.Node, woken.Epoch));
        var sent = new List<string>();
        foreach (var carrier in (Uri[])[gateway.CarrierA, gateway.CarrierB])
        {
            foreach (var line in (await gateway.Http.GetStringAsync(new Uri(carrier, "/submits/export"))).Split('\n'))
            {
                // order, arrival in microseconds since 1970, ..., payload, which begins with the message's id and a space
                if (line.Split('\t') is [_, var arrived, .., var payload] && long.Parse(arrived, CultureInfo.InvariantCulture) > woken.AtMicros &&
                    payload.Split(' ')[0] is var id && old.Contains(id))
                {
                    sent.Add(id);
                }
            }
        }

        return sent;
    }

    // Messages claimed or attempted under the old epoch by a transaction that committed after the one that took it over.
    private static Task<List<string>> CommittedAsync(GatewayTopology gateway, Woken woken) => gateway.RowsAsync(
        """
        SELECT e.client_message_id FROM entry e WHERE e.node = $1 AND e.epoch = $2 AND pg_xact_commit_timestamp(e.xmin) > $3
        UNION
        SELECT e.client_message_id FROM attempt a JOIN entry e USING (id) WHERE a.owner = $1 AND a.epoch = $2 AND pg_xact_commit_timestamp(a.xmin) > $3
        """,
        row => row.GetString(0), woken.Node, woken.Epoch, woken.TakenOverAt);

    /// <summary>A node that was taken over while it slept: its old epoch, when the ledger took it over, and when it woke, in microseconds since 1970.</summary>
    private sealed record Woken(short Node, long Epoch, DateTime TakenOverAt, long AtMicros);
}
