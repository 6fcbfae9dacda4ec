using System.Globalization;
using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// A node whose wall clock is set. The drill build reads how far off its clock is from a file (src/SmsGateway.Host/Operations/SetClock.cs).
internal static class ClockTroubles
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        new("clock-back", "a node's clock is set back by 10 minutes, and right again later", "it says that it is not ready; nothing lost, nothing twice", run => SetAsync(run, -600))
        {
            Nodes = Drill.TwoNodes, Obstacle = DrillBuild.Missing,
        },
        new("clock-forward", "a node's clock is set forward by 10 minutes, and right again later", "as clock-back; nothing expires before its time", run => SetAsync(run, 600))
        {
            Nodes = Drill.TwoNodes, Obstacle = DrillBuild.Missing,
        },
    ];

    private static async Task SetAsync(DrillRun run, int seconds)
    {
        var file = Path.Combine(Path.GetTempPath(), $"smsgateway-clock-{Guid.NewGuid():n}");
        await File.WriteAllTextAsync(file, "0");
        try
        {
            GatewayNode? odd = null;
            var gateway = await run.StartAsync(g =>
            {
                odd = g.Nodes[run.Random.Next(g.Nodes.Count)];
                g.OptionsFor = node => node == odd ? new Dictionary<string, string?> { ["SMSGATEWAY_CLOCK"] = file } : new Dictionary<string, string?>();
            });
            await run.UnderLoadAsync(run.Of(20, 60), run.Rate, NodeDeaths.DoubtsOfANode, async load =>
            {
                await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
                var began = TimeProvider.System.GetTimestamp();
                load.Mark($"clock of {odd!.Name} set by {seconds} s", odd);
                await File.WriteAllTextAsync(file, seconds.ToString(CultureInfo.InvariantCulture));
                await Eventually.TrueAsync(async () => !await IsReadyAsync(gateway, odd), "the node says that it is not ready", TimeSpan.FromSeconds(60));
                run.Measured("not ready after", TimeProvider.System.GetElapsedTime(began).TotalSeconds);
                await Task.Delay(TimeSpan.FromSeconds(run.Of(5, 30)), TimeProvider.System);
                await File.WriteAllTextAsync(file, "0");
                await Eventually.TrueAsync(() => IsReadyAsync(gateway, odd), "the node is ready again", TimeSpan.FromSeconds(60));
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<bool> IsReadyAsync(GatewayTopology gateway, GatewayNode node)
    {
        using var ready = await gateway.Http.GetAsync(new Uri(node.Admin, "/health/ready"));
        return ready.IsSuccessStatusCode;
    }
}
