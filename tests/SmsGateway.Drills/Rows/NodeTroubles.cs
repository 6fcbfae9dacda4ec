using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// Nodes that freeze, sites that die, nodes that are restarted in order.
internal static class NodeTroubles
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        new("freeze-node", "SIGSTOP of a node beyond its lease, then SIGCONT", "another goes on with what it owned; when it wakes nothing is lost and nothing sent twice", FreezeAsync),
        new(
            "kill-site", "kill -9 of both nodes of a site; they do not come back while the load lasts",
            "the other site takes everything and goes on with what the dead ones owned within 20 s", KillSiteAsync) { NodesShortly = Drill.FourNodes },
        new("rolling-restart", "SIGTERM and a new start of every node, one after the other", "nothing refused, nothing in doubt", RestartAsync),
    ];

    private static async Task FreezeAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        var frozen = run.Drawn();
        var observer = gateway.Nodes.First(node => node != frozen);
        await run.UnderLoadAsync(run.Of(20, 60), run.Rate, NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + run.Random.NextDouble()), TimeProvider.System);
            var epoch = await EpochAsync(gateway, observer, frozen);
            var began = TimeProvider.System.GetTimestamp();
            load.Mark($"freeze {frozen.Name}", frozen);
            frozen.Suspend();
            await Eventually.TrueAsync(
                async () => await EpochAsync(gateway, observer, frozen) > epoch, "another node has taken it over", TimeSpan.FromSeconds(60));
            run.Measured("taken over after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(run.Of(2, 15)), TimeProvider.System);
            frozen.Resume();
            await Eventually.TrueAsync(
                async () => await EpochAsync(gateway, observer, frozen) > epoch + 1, "the woken node has an epoch of its own again", TimeSpan.FromSeconds(60));
        }, "--response-timeout", "5");
    }

    private static async Task KillSiteAsync(DrillRun run)
    {
        var gateway = await run.StartAsync(g => g.Configuration = document => Documents.WithRate(document, run.Of(80, 250)));
        var site = gateway.Nodes.Where(node => node.Site == (run.Random.Next(2) == 0 ? "dc3" : "bos")).ToList();
        if (site.Count != 2)
        {
            site = [.. gateway.Nodes.Where(node => node.Site == "bos")];
        }

        await run.UnderLoadAsync(run.Of(10, 140), run.Rate, site.Count * NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(run.Of(4, 75) + run.Random.NextDouble()), TimeProvider.System);
            load.Mark($"kill site {site[0].Site}", site);
            await Task.WhenAll(site.Select(node => node.KillAsync()));
        });
        run.PromiseWithin(20, 0, "laterFirstSeconds", "what it owned goes on");
        run.Promise(gateway.Nodes.Count(node => node.Running) == 2, "the other site lives");
    }

    private static async Task RestartAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        var took = new List<double>();
        await run.UnderLoadAsync(run.Of(25, 90), run.Rate, 0, async load =>
        {
            foreach (var node in gateway.Nodes)
            {
                var began = TimeProvider.System.GetTimestamp();
                load.Mark($"restart {node.Name}", node);
                await gateway.RestartAsync(node.Name);
                took.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            }
        });
        run.Measured("longest restart", took.Max());
        run.Promise(run.Count("throttled") == 0, "nothing was refused");
    }

    /// <summary>The epoch of a node, as another one sees it.</summary>
    public static async Task<long> EpochAsync(GatewayTopology gateway, GatewayNode observer, GatewayNode node) =>
        (await gateway.AdminAsync(observer, "nodes")).EnumerateArray().Single(row => row.GetProperty("name").GetString() == node.Name).GetProperty("epoch").GetInt64();
}
