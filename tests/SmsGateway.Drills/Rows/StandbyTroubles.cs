using SmsGateway.Drills.Play;
using SmsGateway.TestKit;

namespace SmsGateway.Drills.Rows;

// A ledger whose standby is out of reach, whose waits somebody cancels, and whose primary then dies: COMMIT has said success, with a warning, to rows that are gone.
internal static class StandbyTroubles
{
    private const int Tps = 80;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Cancelling = TimeSpan.FromSeconds(1.5);

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "ledger-waits-cancelled", "the standby is cut off, waits for it are cancelled for 1.5 s, the primary is killed (kill -9), the standby takes over",
            "what is on one machine only was acknowledged to nobody", CancelledAsync) { Nodes = Drill.TwoNodes },
    ];

    private static async Task CancelledAsync(DrillRun run)
    {
        var pair = run.Keep(await PostgresPair.StartAsync(PostgresOptions.Durable));
        await run.StartAsync(g =>
        {
            g.Ledger = pair.ConnectionString;

            // Most messages wait in the queue, whose rows are what is lost.
            g.Configuration = document => Documents.WithRate(document, Tps);
        });
        var cancelled = 0L;
        await run.UnderLoadAsync(run.Of(10, 40), 4 * Tps, run.Nodes.Count * NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("standby cut off, waits cancelled");
            pair.CutStandby();
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) is var elapsed && (elapsed < Cancelling || (cancelled == 0 && elapsed < Patience)))
            {
                cancelled += await pair.CancelWaitsAsync();
            }

            load.Mark("primary killed, standby takes over");
            await pair.FailOverAsync();
        }, "--response-timeout", "5");
        run.Row("waits cancelled", $"{cancelled}");
        run.Promise(cancelled > 0, "waits for the standby were cancelled");
    }
}
