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
            "freeze-attempted", "attempt-committed", "an attempt is committed and its PDU not written", "the woken node writes none of the attempts over which it stopped",
            SentAsync),
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
        return new Woken(id, epoch, taken, at, StoppedOver(frozen));
    }

    private static void Found(DrillRun run, string promise, List<string> offenders)
    {
        run.Row("of an epoch that was taken over", string.Create(CultureInfo.InvariantCulture, $"{offenders.Count} {string.Join(' ', offenders.Take(20))}"));
        run.Promise(offenders.Count == 0, promise);
    }

    // What the node says it stopped over: ids of messages.
    private static HashSet<Guid> StoppedOver(GatewayNode frozen) =>
        [.. frozen.Process.Output.Split('\n').First(line => line.StartsWith("failpoint ", StringComparison.Ordinal)).Split(' ').Skip(2)
            .Where(word => word.Length > 0).Select(Guid.Parse)];

    // Of the attempts over which the node stopped none may reach a carrier after it woke, unless it was made anew. Octets that had passed the writer's question
    // when it stopped, and were on their way into the socket, may leave then: their attempts are in doubt, and nobody sends them again. They are only shown.
    private static async Task SentAsync(DrillRun run, Woken woken)
    {
        var old = (await run.Gateway.RowsAsync(
            """
            SELECT e.client_message_id, (array_agg(e.id))[1]
            FROM (SELECT id, node, epoch FROM attempt_end UNION ALL SELECT id, owner, epoch FROM attempt) a JOIN entry e USING (id)
            GROUP BY e.client_message_id HAVING bool_and(a.node = $1 AND a.epoch = $2)
            """,
            row => (Name: row.GetString(0), Id: row.GetGuid(1)), woken.Node, woken.Epoch)).ToDictionary(message => message.Name, message => message.Id);
        var sent = (await ArrivedAsync(run.Gateway, woken)).Where(old.ContainsKey).ToLookup(name => woken.StoppedOver.Contains(old[name]));
        run.Promise(woken.StoppedOver.Count > 0, "the node stopped over attempts");
        run.Row("on their way into a socket when it stopped", $"{sent[false].Count()}");
        Found(run, Promised.OldEpochSendsNothing, [.. sent[true]]);
    }

    // Messages that reached a carrier after the node woke.
    private static async Task<List<string>> ArrivedAsync(GatewayTopology gateway, Woken woken)
    {
        var sent = new List<string>();
        foreach (var carrier in (Uri[])[gateway.CarrierA, gateway.CarrierB])
        {
            foreach (var line in (await gateway.Http.GetStringAsync(new Uri(carrier, "/submits/export"))).Split('\n'))
            {
                // order, arrival in microseconds since 1970, ..., payload, which begins with the message's id and a space
                if (line.Split('\t') is [_, var arrived, .., var payload] && long.Parse(arrived, CultureInfo.InvariantCulture) > woken.AtMicros)
                {
                    sent.Add(payload.Split(' ')[0]);
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

    /// <summary>
    /// A node that was taken over while it slept: its old epoch, when the ledger took it over, when it woke, in microseconds since 1970, and the messages that it
    /// stopped over.
    /// </summary>
    private sealed record Woken(short Node, long Epoch, DateTime TakenOverAt, long AtMicros, HashSet<Guid> StoppedOver);
}
