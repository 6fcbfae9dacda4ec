using SmsGateway.Drills.Play;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// Carriers that do not answer, answer badly, and send receipts badly.
internal static class CarrierTroubles
{
    // Longer than a receipt may wait parked before it is joined: one that were taken for a new one would be seen.
    private const string Linger = "7";

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "carrier-black-hole", "a carrier takes submits and never answers, then drops its connections and is well again",
            "what it had is in doubt and goes nowhere else; everything else is sent", BlackHoleAsync) { Nodes = Drill.TwoNodes },
        new(
            "carrier-answers", "answers late (up to 2 s), twice, out of order",
            "each answer ends one attempt; nothing is in doubt, nothing is sent twice", AnswersAsync) { Nodes = Drill.TwoNodes },
        new(
            "receipts-early", "receipts 30 ms before their response, at nodes of either site, equal ids at two carriers",
            "each finds its message and the customer", run => ReceiptsAsync(run, new { receipts = new { delayMs = -30 } })),
        new(
            "receipts-repeated", "each receipt three times, at nodes of either site, with ENROUTE and ACCEPTD before the final one",
            "each state once at the customer", RepeatedAsync),
        new("receipts-hex", "ids decimal in answers and hexadecimal in receipts, text only", "each finds its message and the customer", HexAsync),
    ];

    private static async Task BlackHoleAsync(DrillRun run)
    {
        // A dead socket may drain for so long; then a policy may send again. No receipt tells of what was swallowed: one would be evidence before that.
        var gateway = await run.StartAsync(g => g.Options["Carriers__TcpUserTimeout"] = "00:00:02");
        await run.UnderLoadAsync(run.Of(12, 60), run.Rate, run.Nodes.Count * 2 * 100, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("carrier-a swallows everything");
            await gateway.OrderAsync(gateway.CarrierA, "/behaviour", new { blackHole = true });
            await Task.Delay(TimeSpan.FromSeconds(run.Of(4, 40)), TimeProvider.System);
            load.Mark("carrier-a drops its connections and is well");
            await gateway.OrderAsync(gateway.CarrierA, "/behaviour", new { blackHole = false });
            await gateway.OrderAsync(gateway.CarrierA, "/disconnect", new { });
        }, "--linger", "10");
        run.Promise(run.Count("inDoubt") > 0, "submits were swallowed");
    }

    private static async Task AnswersAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        await Documents.BehaveAsync(gateway, new { answerDelayMs = new { min = 0, max = 2000 }, repeatAnswerRatio = 0.5, answersOutOfOrder = true });
        await run.UnderLoadAsync(run.Of(8, 40), run.Rate, 0, _ => Task.CompletedTask);
    }

    private static async Task ReceiptsAsync(DrillRun run, object behaviour)
    {
        var gateway = await run.StartAsync();
        await Documents.BehaveAsync(gateway, behaviour);
        await run.UnderLoadAsync(run.Of(6, 40), run.Rate, 0, _ => Task.CompletedTask, "--linger", Linger);
        run.Promise(run.Count("receipts") == run.Count("receiptsExpected"), "every receipt came");
        run.Promise(run.Count("offeredAgain") == 0, "none was offered twice");
    }

    private static async Task RepeatedAsync(DrillRun run)
    {
        await ReceiptsAsync(run, new { receipts = new { repeatCount = 2, before = (string[])["ENROUTE", "ACCEPTD"] } });
        run.Promise(run.Count("receiptsRepeated") >= 2 * run.Count("receipts"), "carriers sent each three times");
    }

    private static async Task HexAsync(DrillRun run)
    {
        await run.StartAsync(g => g.Configuration = document => SeedDocument.With(
            SeedDocument.With(document, "carriers", "carrier-a", "quirks", Hex()), "carriers", "carrier-b", "quirks", Hex()));
        await Documents.BehaveAsync(run.Gateway, new { ids = new { start = 4095 }, receipts = new { idNotation = "hex", tlvs = false } });
        await run.UnderLoadAsync(run.Of(6, 40), run.Rate, 0, _ => Task.CompletedTask);
        run.Promise(run.Count("receipts") == run.Count("receiptsExpected"), "every receipt came");
    }

    private static System.Text.Json.Nodes.JsonObject Hex() => new() { ["submitIdNotation"] = "decimal", ["receiptIdNotation"] = "hex" };
}
