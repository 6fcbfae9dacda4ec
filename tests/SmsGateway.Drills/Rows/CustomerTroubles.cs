using System.Text.Json;
using SmsGateway.Drills.Play;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// Customers whose URL is away for longer than memory holds what they are owed, and nodes that die with pushes unanswered.
internal static class CustomerTroubles
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "sink-down", "a customer's URL resets connections while more is owed than memory holds (100 per node); then it is well again",
            "every receipt comes, at least once", DownAsync) { Nodes = Drill.TwoNodes },
        new(
            "kill-push-unanswered", "kill -9 of a node whose pushes a customer's URL has taken and not answered; started again",
            "they are offered again with the same ids; none is lost", UnansweredAsync) { Nodes = Drill.TwoNodes, OnlyAtLength = true },
    ];

    private static async Task DownAsync(DrillRun run)
    {
        var gateway = await run.StartAsync(g => g.OptionsFor = _ => new Dictionary<string, string?> { ["Flow__DeliveryCapacity"] = "100" });
        await BehaveAsync(gateway, new { down = true });
        await run.UnderLoadAsync(Http(run, gateway), 0, async load =>
        {
            load.Mark("URL down");
            await Task.Delay(TimeSpan.FromSeconds(run.Of(8, 60)), TimeProvider.System);
            load.Mark("URL well");
            await BehaveAsync(gateway, new { down = false });
        });
        run.Promise(run.Count("receipts") == run.Count("receiptsExpected"), "every receipt came");
    }

    private static async Task UnansweredAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        await BehaveAsync(gateway, new { hang = true });
        var victim = run.Drawn();
        await run.UnderLoadAsync(Http(run, gateway, "--linger", $"{NodeDeaths.AfterRestart}"), NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark($"kill {victim.Name}", victim);
            await victim.KillAsync();
            await BehaveAsync(gateway, new { hang = false });
            await gateway.StartAsync([victim]);
        });
        run.Promise(run.Count("offeredAgain") > 0, "pushes were unanswered when it died");
    }

    private static LoadRun Http(DrillRun run, GatewayTopology gateway, params string[] options) => LoadRun.Http(
        gateway, ["--messages", $"{run.Of(2000, 20_000)}", "--connections", "16", "--settle", "120", "--quiet", "60", .. options]);

    private static Task<JsonElement> BehaveAsync(GatewayTopology gateway, object behaviour) => gateway.OrderAsync(gateway.Sink, "/behaviour", behaviour);
}
