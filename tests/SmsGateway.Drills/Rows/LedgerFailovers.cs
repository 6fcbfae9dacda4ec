using SmsGateway.Drills.Play;
using SmsGateway.TestKit;

namespace SmsGateway.Drills.Rows;

// The ledger under Patroni (deploy/patroni): a primary that dies, crashes, freezes or is switched in order, and a synchronous standby that dies.
internal static class LedgerFailovers
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        Failover("ledger-primary-killed", "kill -9 of the machine of the ledger's primary: PostgreSQL, Patroni and etcd of one member", Kill),
        Failover("ledger-primary-crashed", "kill -9 of the primary's PostgreSQL; its Patroni lives", (cluster, member) => cluster.KillPostgres(member)) with { OnlyAtLength = true },
        Failover("ledger-primary-frozen", "SIGSTOP of the machine of the ledger's primary", (cluster, member) => cluster.Freeze(member)),
        Of("ledger-switchover", "a planned switchover of the ledger (patronictl switchover)", async (cluster, _) => await cluster.SwitchoverAsync()) with { OnlyAtLength = true },
        Of("ledger-standby-killed", "kill -9 of the machine of the synchronous standby", async (cluster, _) =>
            Kill(cluster, await cluster.SynchronousStandbyAsync() ?? throw new InvalidOperationException("There is no synchronous standby.")), moves: false) with { OnlyAtLength = true },
    ];

    private static void Kill(PatroniCluster cluster, PatroniMember member) => cluster.Kill(member);

    private static Drill Failover(string name, string fault, Action<PatroniCluster, PatroniMember> hurt) => Of(name, fault, (cluster, primary) =>
    {
        hurt(cluster, primary);
        return Task.CompletedTask;
    });

    private static Drill Of(string name, string fault, Func<PatroniCluster, PatroniMember, Task> hurt, bool moves = true) => new(
        name, fault, "accepting goes on, emission again within 30 s; nothing lost, nothing twice", run => PlayAsync(run, hurt, moves))
    {
        Nodes = Drill.TwoNodes,
        Obstacle = PatroniCluster.Obstacle,
    };

    private static async Task PlayAsync(DrillRun run, Func<PatroniCluster, PatroniMember, Task> hurt, bool moves)
    {
        var cluster = run.Keep(await PatroniCluster.StartAsync());
        await run.StartAsync(gateway => gateway.Ledger = cluster.ConnectionString);
        PatroniMember? chosen = null;
        await run.UnderLoadAsync(run.Of(45, 90), run.Rate, 0, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + run.Random.NextDouble()), TimeProvider.System);
            var primary = await cluster.PrimaryAsync() ?? throw new InvalidOperationException("There is no primary.");
            var began = TimeProvider.System.GetTimestamp();
            load.Mark("ledger hurt");
            await hurt(cluster, primary);
            await Eventually.TrueAsync(
                async () => await cluster.PrimaryAsync() is { } now && now != primary == moves
                    && await cluster.SynchronousStandbyAsync() is { } standby && standby != now,
                "a primary with a synchronous standby", TimeSpan.FromSeconds(90));
            chosen = await cluster.PrimaryAsync();
            run.Measured("a primary with a standby after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(run.Of(5, 15)), TimeProvider.System);
            foreach (var member in cluster.Members)
            {
                cluster.Thaw(member);
            }

            load.Mark("ledger healed");
            await cluster.HealAsync();
        });
        // One that slept must not take the lead back: its timeline lacks what was answered since.
        run.Promise(chosen is not null && await cluster.PrimaryAsync() == chosen, "the primary that was chosen stays the primary");
        run.Promise(run.Count("throttled") == 0, "nothing was refused");
        run.Promise(run.Resumption(0, "longestSilenceSeconds") <= 30, "emission again within 30 s");
    }
}
