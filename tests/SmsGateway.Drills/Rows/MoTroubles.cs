using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// MOs that come in while nodes die and the ledger is away. The carriers offer each until it is acknowledged; the customer's URL says what came.
internal static class MoTroubles
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<Drill> All { get; } =
    [
        Of("mo-kill", "kill -9 of a node while MOs come in; started again", KillAsync),
        Of("mo-kill-holding", "PostgreSQL killed while MOs come in, kill -9 of a node that holds some of them; both started again", KillHoldingAsync),
    ];

    private static Drill Of(string name, string fault, Func<DrillRun, Task> harm) => new(
        name, fault, "every MO that was acknowledged to a carrier reaches its customer, under one id each", run => PlayAsync(run, harm))
    {
        Nodes = Drill.TwoNodes,
    };

    private static async Task PlayAsync(DrillRun run, Func<DrillRun, Task> harm)
    {
        var gateway = await run.StartAsync();
        using var stopping = new CancellationTokenSource();
        var sending = SendAsync(run, stopping.Token);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(run.Of(2, 10) + run.Random.NextDouble()), TimeProvider.System);
            await harm(run);
            await Task.Delay(TimeSpan.FromSeconds(run.Of(2, 10)), TimeProvider.System);
        }
        finally
        {
            await stopping.CancelAsync();
        }

        var acknowledged = await sending;
        run.Row("acknowledged to carriers", $"{acknowledged.Count}");
        run.Promise(acknowledged.Count > 0, "MOs were acknowledged");
        Dictionary<string, List<string>> came = [];
        try
        {
            await Eventually.TrueAsync(
                async () => acknowledged.TrueForAll((came = await CameAsync(gateway)).ContainsKey), "all are at the customer", Patience);
        }
        catch (TimeoutException)
        {
            // Counted below.
        }

        var lost = acknowledged.Where(text => !came.ContainsKey(text)).ToList();
        run.Row("lost", $"{lost.Count} {string.Join(' ', lost.Take(10))}");
        run.Row("offered again, with the same id", $"{came.Values.Sum(ids => ids.Count - ids.Distinct().Count())}");
        run.Promise(lost.Count == 0, Promised.NothingLost);
        run.Promise(came.Values.All(ids => ids.Distinct().Count() == 1), "one id per MO");
    }

    // The texts that were acknowledged. All differ, so the second of a text is a carrier's repeat.
    private static async Task<List<string>> SendAsync(DrillRun run, CancellationToken stopping)
    {
        var sent = new List<Task<string?>>();
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                sent.Add(SendAsync(run.Gateway, sent.Count % 2 == 0 ? run.Gateway.CarrierA : run.Gateway.CarrierB, $"mo-{run.Seed}-{sent.Count}"));
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        return [.. (await Task.WhenAll(sent)).OfType<string>()];
    }

    private static async Task<string?> SendAsync(GatewayTopology gateway, Uri carrier, string text)
    {
        try
        {
            var answer = await gateway.OrderAsync(carrier, "/mo", new { source = "447700900801", destination = "12345", text, untilAcknowledged = true });
            return answer.GetProperty("acknowledged").GetBoolean() ? text : null;
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or OperationCanceledException)
        {
            return null; // nobody acknowledged it in a minute
        }
    }

    // By text, the ids it came under.
    private static async Task<Dictionary<string, List<string>>> CameAsync(GatewayTopology gateway) => (await gateway.ReceivedAsync("type=MO"))
        .Select(received => received.GetProperty("fields"))
        .GroupBy(mo => mo.GetProperty("message").GetString()!, mo => mo.GetProperty("message_id").GetString()!)
        .ToDictionary(texts => texts.Key, texts => texts.ToList());

    private static async Task KillAsync(DrillRun run)
    {
        var victim = run.Drawn();
        await victim.KillAsync();
        await run.Gateway.StartAsync([victim]);
    }

    private static async Task KillHoldingAsync(DrillRun run)
    {
        var victim = run.Drawn();
        await run.Gateway.Postgres.KillAsync();
        await Eventually.TrueAsync(async () => await HeldDeaths.HeldAsync(run.Gateway, victim) >= 10, $"{victim.Name} holds 10 MOs", Patience);
        run.Row("held by the node when it died, about", $"{await HeldDeaths.HeldAsync(run.Gateway, victim)}");
        await victim.KillAsync();
        await run.Gateway.Postgres.RestartAsync();
        await run.Gateway.StartAsync([victim]);
    }
}
