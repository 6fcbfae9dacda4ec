using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// The ledger under Patroni (deploy/patroni): a primary that dies, crashes, freezes or is switched in order, and a synchronous standby that dies.
// And two at once: the machine of the primary together with a node.
internal static class LedgerFailovers
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        Failover("ledger-primary-killed", "kill -9 of the machine of the ledger's primary: PostgreSQL, Patroni and etcd of one member", Kill),
        Failover("ledger-primary-crashed", "kill -9 of the primary's PostgreSQL; its Patroni lives", (cluster, member) => cluster.KillPostgres(member)) with { OnlyAtLength = true },
        Failover("ledger-primary-frozen", "SIGSTOP of the machine of the ledger's primary", (cluster, member) => cluster.Freeze(member)),
        Of("ledger-switchover", "a planned switchover of the ledger (patronictl switchover)", async (cluster, _) => await cluster.SwitchoverAsync()) with { OnlyAtLength = true },
        Of("ledger-standby-killed", "kill -9 of the machine of the synchronous standby", async (cluster, _) =>
            Kill(cluster, await Eventually.ValueAsync(cluster.SynchronousStandbyAsync, _ => true, "a synchronous standby answers")), moves: false) with { OnlyAtLength = true },
        Failover("kill-node-and-primary", "kill -9 of a node and, at once, of the machine of the ledger's primary, of the same site where it has one; both started again", Kill, withNode: true) with { OnlyAtLength = true },
    ];

    private static void Kill(PatroniCluster cluster, PatroniMember member) => cluster.Kill(member);

    private static Drill Failover(string name, string fault, Action<PatroniCluster, PatroniMember> hurt, bool withNode = false) => Of(name, fault, (cluster, primary) =>
    {
        hurt(cluster, primary);
        return Task.CompletedTask;
    }, withNode: withNode);

    private static Drill Of(string name, string fault, Func<PatroniCluster, PatroniMember, Task> hurt, bool moves = true, bool withNode = false) => new(
        name, fault, "accepting goes on, emission again within 30 s; nothing lost, nothing twice", run => PlayAsync(run, hurt, moves, withNode))
    {
        Nodes = Drill.TwoNodes,
        Obstacle = PatroniCluster.Obstacle,
    };

    private static async Task PlayAsync(DrillRun run, Func<PatroniCluster, PatroniMember, Task> hurt, bool moves, bool withNode)
    {
        var cluster = run.Keep(await PatroniCluster.StartAsync());
        var gateway = await run.StartAsync(g => g.Ledger = cluster.ConnectionString);
        PatroniMember? chosen = null;
        await run.UnderLoadAsync(run.Of(45, 90), run.Rate, withNode ? NodeDeaths.DoubtsOfANode : 0, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + run.Random.NextDouble()), TimeProvider.System);
            var primary = await PrimaryAsync(cluster);
            var began = TimeProvider.System.GetTimestamp();
            List<GatewayNode> victims = withNode ? [gateway.Nodes.FirstOrDefault(node => primary.Name.EndsWith("." + node.Site, StringComparison.Ordinal)) ?? run.Drawn()] : [];
            run.Row("primary before", string.Join(", killed with it ", victims.Select(node => node.Name).Prepend(primary.Name)));
            load.Mark("ledger hurt", victims);
            await Task.WhenAll(victims.Select(node => node.KillAsync()));
            await hurt(cluster, primary);
            await Eventually.TrueAsync(
                async () => (chosen = await cluster.PrimaryAsync()) is { } now && now != primary == moves
                    && await cluster.SynchronousStandbyAsync() is { } standby && standby != now,
                "a primary with a synchronous standby", TimeSpan.FromSeconds(90));
            run.Measured("a primary with a standby after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(run.Of(5, 15)), TimeProvider.System);
            foreach (var member in cluster.Members)
            {
                cluster.Thaw(member);
            }

            load.Mark("ledger healed");
            await cluster.HealAsync();
            if (victims.Count > 0)
            {
                await gateway.StartAsync(victims);
            }
        });
        // One that slept must not take the lead back: its timeline lacks what was answered since.
        run.Promise(await PrimaryAsync(cluster) == chosen, "the primary that was chosen stays the primary");
        run.Promise(run.Count("throttled") == 0, "nothing was refused");
        run.PromiseWithin(30, 0, "longestSilenceSeconds", "emission again");
    }

    // On a machine with too much to do a member may be slow to say what it is.
    private static Task<PatroniMember> PrimaryAsync(PatroniCluster cluster) => Eventually.ValueAsync(cluster.PrimaryAsync, _ => true, "a primary answers");
}
