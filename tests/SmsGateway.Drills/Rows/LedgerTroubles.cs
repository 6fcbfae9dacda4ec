using System.Net;
using Npgsql;
using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// The ledger away, frozen, or cut off from one site: nodes hold what comes in their journals and play it into the ledger afterwards.
internal static class LedgerTroubles
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "ledger-away", "PostgreSQL killed (kill -9), started again a minute later (short: 15 s); customers resend through other nodes meanwhile",
            "every MT is answered OK, all are emitted afterwards, none twice, one id each", AwayAsync),
        new("ledger-frozen", "SIGSTOP of all of PostgreSQL for 40 s (short: 15 s)", "nobody takes over a live node; nothing lost, nothing twice", FrozenAsync),
        new(
            "ledger-cut-site", "the link from one site to the ledger drops everything for 60 s (short: 20 s), silently",
            "that site holds, the other takes over and goes on; nothing lost, nothing twice when the link is back", run => CutAsync(run, link => link.Cut())),
        new(
            "ledger-reset-site", "the link from one site to the ledger answers everything with resets for 60 s (short: 20 s)",
            "as ledger-cut-site", run => CutAsync(run, link => link.Reset())) { OnlyAtLength = true },
    ];

    private static async Task AwayAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        // At length about as many as two cores take with everything on them.
        await run.UnderLoadAsync(run.Of(25, 100), run.Of(250, 2000), 0, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("ledger killed");
            await gateway.Postgres.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(run.Of(15, 60)), TimeProvider.System);
            load.Mark("ledger back");
            await gateway.Postgres.RestartAsync();
        }, "--response-timeout", "5", "--copy-every", "5", "--settle", "300");
        run.Promise(run.Count("throttled") == 0, "nothing was refused");
        run.Promise(run.Count("resent") > 0, "customers resent through other nodes");
        run.PromiseWithin(10, 0, "longestGapSeconds", "accepting went on");
    }

    private static async Task FrozenAsync(DrillRun run)
    {
        var gateway = await run.StartAsync();
        var before = await EpochsAsync(gateway);
        await run.UnderLoadAsync(run.Of(25, 70), run.Rate, 0, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("ledger frozen");
            gateway.Postgres.Freeze();
            await Task.Delay(TimeSpan.FromSeconds(run.Of(15, 40)), TimeProvider.System);
            load.Mark("ledger thawed");
            gateway.Postgres.Thaw();
        }, "--response-timeout", "5");
        // A node that lost its lease takes one new epoch; being taken over would be two.
        run.Promise((await EpochsAsync(gateway)).All(epoch => epoch.Value <= before[epoch.Key] + 1), "no live node was taken over");
    }

    private static async Task CutAsync(DrillRun run, Action<CuttableLink> cut)
    {
        CuttableLink? link = null;
        var gateway = await run.StartAsync(g => g.OptionsFor = node =>
        {
            if (node.Site != "bos")
            {
                return new Dictionary<string, string?>();
            }

            var ledger = new NpgsqlConnectionStringBuilder(g.ConnectionString);
            link ??= run.Keep(new CuttableLink(new IPEndPoint(IPAddress.Loopback, ledger.Port)));
            ledger.Port = link.Port;
            return new Dictionary<string, string?> { ["Ledger__ConnectionString"] = ledger.ConnectionString };
        });
        var site = gateway.Nodes.Where(node => node.Site == "bos").ToList();
        var before = await EpochsAsync(gateway);
        await run.UnderLoadAsync(run.Of(35, 100), run.Rate, site.Count * NodeDeaths.DoubtsOfANode, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("site bos cut off", site);
            cut(link!);
            await Task.Delay(TimeSpan.FromSeconds(run.Of(20, 60)), TimeProvider.System);
            load.Mark("link healed", site);
            link!.Heal();
        });
        run.Promise(run.Count("throttled") == 0, "nothing was refused");

        // One by who took it over, and one of its own afterwards.
        var after = await EpochsAsync(gateway);
        run.Promise(site.TrueForAll(node => after[node.Name] >= before[node.Name] + 2), "the other site took over");
    }

    private static async Task<Dictionary<string, long>> EpochsAsync(GatewayTopology gateway) =>
        (await gateway.RowsAsync("SELECT name, epoch FROM node", row => (Name: row.GetString(0), Epoch: row.GetInt64(1)))).ToDictionary(node => node.Name, node => node.Epoch);
}
