using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// A node that dies while it holds. kill -9 leaves a page cache behind that a power cut would not: the drill build's file layer drops what was not synced.
internal static class HeldDeaths
{
    private const int Enough = 200;

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "kill-holding", "PostgreSQL killed; kill -9 of a node that holds, with what it had not synced dropped from its disk; both started again",
            "all that the node had acknowledged is in its journal and is emitted, once", HoldingAsync)
        {
            Nodes = Drill.TwoNodes,
            Obstacle = DrillBuild.Missing,
        },
    ];

    private static async Task HoldingAsync(DrillRun run)
    {
        var gateway = await run.StartAsync(g => g.OptionsFor = _ => new Dictionary<string, string?> { ["SMSGATEWAY_JOURNAL"] = "drops-unsynced" });
        var victim = run.Drawn();
        await run.UnderLoadAsync(run.Of(15, 40), run.Rate, run.Nodes.Count * NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("ledger killed");
            await gateway.Postgres.KillAsync();
            await Eventually.TrueAsync(async () => await HeldAsync(gateway, victim) >= Enough, $"{victim.Name} holds {Enough} records", TimeSpan.FromSeconds(60));
            run.Row("held by the node when it died, about", $"{await HeldAsync(gateway, victim)}");
            load.Mark($"kill {victim.Name}", victim);
            await victim.KillAsync();
            await gateway.Postgres.RestartAsync();
            await gateway.StartAsync([victim]);
        }, "--response-timeout", "5");
    }

    /// <summary>Records in a node's journal.</summary>
    public static async Task<long> HeldAsync(GatewayTopology gateway, GatewayNode node) =>
        (await gateway.AdminAsync(node, "hold")).GetProperty("records").GetInt64();
}
