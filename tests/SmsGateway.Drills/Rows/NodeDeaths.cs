using SmsGateway.Drills.Play;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// kill -9 of a node while messages are in each of their states. Where behaviour of the carriers or the customer cannot hold them there long enough, the
// process ends itself at a named place of a drill build (Failpoint in src/SmsGateway.Ledger).
internal static class NodeDeaths
{
    /// <summary>Open windows of a node: two carriers, two binds each, and their windows of 100; one commit of answers more (docs/ledger.md).</summary>
    public const int DoubtsOfANode = 2 * 2 * 100;

    /// <summary>Seconds for which customers stay after everything is there: a node that starts again on a slow machine offers again what it owes only then.</summary>
    public const int AfterRestart = 25;

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "kill-queued", "kill -9 of a node with a backlog that no carrier takes yet; it does not come back",
            "what it owned goes on at the others within 20 s, once", QueuedAsync),
        new(
            "kill-unanswered", "kill -9 of a node whose windows are full of unanswered submits; started again",
            "doubt is bounded by the open windows and listed", UnansweredAsync),
        new(
            "kill-resend", "as kill-unanswered, at carriers whose policy is to send again what is in doubt",
            "all are sent, nothing stays in doubt; what was sent twice is marked as a possible duplicate, and nothing else is", ResendAsync) { SendsAgain = true },
        AtFailpoint(
            "kill-unclaimed", "claim-unsent", "it has taken in a submission and not claimed it yet", "nobody was told OK; the customer's repeat is the first", "late",
            more: run => run.Promise(run.Count("resent") > 0, "customers came again")),
        AtFailpoint(
            "kill-claimed", "claim-committed", "a claim is committed and nobody was told", "the customer's repeat gets the first id; nothing is sent twice",
            more: run => run.Promise(run.Count("resent") > 0, "customers came again")),
        AtFailpoint(
            "kill-unattempted", "attempt-unsent", "it has begun an attempt and not committed it", "its PDU was not written; another sends it, once", "late", tps: 120),
        AtFailpoint(
            "kill-attempted", "attempt-committed", "an attempt is committed and its PDU not written", "it is in doubt and not sent by anybody else", tps: 120,
            more: run => run.Promise(run.Count("inDoubtUnseen") > 0, "it is listed as in doubt, and no carrier saw it")),
        AtFailpoint("kill-answered", "outcome-uncommitted", "a carrier has answered and the outcome is not committed", "it is not sent again; its receipt finds it or is kept"),
        AtFailpoint("kill-receipted", "receipt-committed", "a receipt is stored and not acknowledged to the carrier", "the carrier's repeat is recognised; the customer gets it, once",
            more: run => run.Promise(run.Count("receiptsRepeated") > 0, "carriers repeated receipts")),
        AtFailpoint("kill-pushed", "acknowledgement-uncommitted", "a customer has acknowledged and that is not committed", "it is offered again with the same delivery id, and not lost",
            listens: AfterRestart, more: run => run.Promise(run.Count("offeredAgain") > 0, "it was offered again")),
    ];

    private static async Task QueuedAsync(DrillRun run)
    {
        var gateway = await run.StartAsync(g => g.Configuration = document => Documents.WithRate(document, run.Of(60, 250)));
        var victim = run.Drawn();
        await run.UnderLoadAsync(run.Of(8, 140), run.Rate, DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(run.Of(4, 75) + run.Random.NextDouble()), TimeProvider.System);
            load.Mark($"kill {victim.Name}", victim);
            await victim.KillAsync();
        });
        run.Promise(run.Resumption(0, "later") > 0, "it had a backlog when it died");
        run.PromiseWithin(20, 0, "laterFirstSeconds", "what it owned goes on");
        run.Promise(gateway.Nodes.Count(node => node.Running) == gateway.Nodes.Count - 1, "the others live");
    }

    private static Task UnansweredAsync(DrillRun run) => KillUnansweredAsync(run, DoubtsOfANode, document => document, new { answerDelayMs = 1500 });

    // A receipt would be evidence before anything is sent again.
    private static Task ResendAsync(DrillRun run) =>
        KillUnansweredAsync(run, 0, Documents.WithResend, new { answerDelayMs = 1500, receipts = new { delayMs = 30_000 } });

    private static async Task KillUnansweredAsync(DrillRun run, int doubtsAtMost, Func<string, string> configuration, object behaviour)
    {
        var gateway = await run.StartAsync(g =>
        {
            g.Options["Carriers__TcpUserTimeout"] = "00:00:02"; // a dead socket may drain for so long; then a policy may send again
            g.Configuration = configuration;
        });
        await Documents.BehaveAsync(gateway, behaviour);
        var victim = run.Drawn();
        await run.UnderLoadAsync(run.Of(10, 40), run.Rate, doubtsAtMost, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark($"kill {victim.Name}", victim);
            var unanswered = (await gateway.AdminAsync(victim, "binds")).EnumerateArray()
                .Where(bind => bind.GetProperty("side").GetString() == "carrier").Sum(bind => bind.GetProperty("outstanding").GetInt32());
            await victim.KillAsync();
            run.Row("its submits unanswered when it died, about", $"{unanswered}");
            run.Promise(unanswered > 0, "submits were unanswered when it died");
            await gateway.StartAsync([victim]);
        });
    }

    // How: "late" lets half a second pass at the failpoint first, for what is said too early to be heard. TPS: of both carriers' contracts, so that messages queue.
    // Listens: seconds for which customers stay when everything is there. More: what else must have been so, or the drill has proved nothing.
    private static Drill AtFailpoint(string name, string failpoint, string state, string proves, string how = "", int? tps = null, int listens = 1, Action<DrillRun>? more = null) => new(
        name,
        $"a node dies (SIGKILL) when {state}; started again",
        proves,
        async run =>
        {
            var armed = true;
            GatewayNode? victim = null;
            var gateway = await run.StartAsync(g =>
            {
                victim = g.Nodes[run.Random.Next(g.Nodes.Count)];
                var at = $"{2 + run.Random.Next(8)}:{how}"; // early: a slow machine makes few, large batches
                g.Configuration = document => tps is { } rate ? Documents.WithRate(document, rate) : document;
                g.OptionsFor = node => armed && node == victim
                    ? new Dictionary<string, string?> { ["SMSGATEWAY_FAILPOINT"] = $"{failpoint}@{at}" }
                    : new Dictionary<string, string?>();
            });
            await run.UnderLoadAsync(run.Of(8, 30), tps * 3 ?? run.Rate, DoubtsOfANode, async load =>
            {
                await victim!.Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
                load.Mark($"death of {victim.Name} at {failpoint}", victim);
                await victim.KillAsync(); // it is gone; the topology is told
                armed = false;
                await gateway.StartAsync([victim]);
            }, "--linger", $"{listens}");
            more?.Invoke(run);
        })
    {
        Nodes = Drill.TwoNodes,
        Obstacle = DrillBuild.Missing,
    };
}
