using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class SitesMigrationTests
{
    private const string Before = "20261121000000_Initial";

    [Fact]
    public async Task Nodes_of_the_schema_before_go_on_in_their_next_epoch_and_their_rows_are_nobodys_prey()
    {
        await using var ledger = LedgerUnderTest.Over(await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync());
        await MigrateAsync(ledger, Before);
        await ledger.ExecuteAsync("INSERT INTO node (name, site, mode, epoch, counter, started_at) VALUES ('smsc1.dc3', 'dc3', 'hot', 7, 3, now())");
        Assert.Equal(["20261122000000_Sites", "20261127000000_Proof"], await LedgerMigrator.MigrateAsync(ledger.ConnectionString, TimeProvider.System, CancellationToken.None));

        // The version before still runs under epoch 7 and knows nothing of leases; what a sweep takes is older than that.
        await using var other = await LedgerUnderTest.StartAsync(ledger.ConnectionString, "smsc2.dc3");
        var old = (await other.Nodes.ListAsync(CancellationToken.None)).Single(n => n.Name == "smsc1.dc3");
        Assert.Equal((false, 7L, NodeMode.Hot), (old.Live, old.Epoch, old.Effective));
        await other.ExecuteAsync($"""
            INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector)
            VALUES (now(), now(), 7, gen_random_uuid(), current_date, 1, 1, {old.Id}, 0, 1, 0, 'carrier-a')
            """);
        Assert.True((await other.Queue.AdoptAsync(new NodeEpoch(old.Id, old.Epoch), 10, CancellationToken.None)).IsEmpty);
        var epoch = await ledger.Nodes.RegisterAsync("new", CancellationToken.None);
        Assert.Equal(new NodeEpoch(old.Id, 8), epoch);
        Assert.Equal(new Adopted(1, 0), await ledger.Queue.AdoptAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task It_can_be_undone_and_done_again_with_nodes_in_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        await ledger.Modes.SetNodeAsync("smsc1.dc3", NodeMode.Standby, new AuditActor("anna", "operator", null), CancellationToken.None);
        await ledger.BindSlots.TakeAsync("carrier-a", 1, CancellationToken.None);
        await ledger.Rates.AskAsync("carrier-a", 1, 1, CancellationToken.None);
        await MigrateAsync(ledger, Before);
        Assert.Equal("standby", await ledger.ScalarAsync<string>("SELECT mode FROM node"));
        Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname IN ('site', 'audit', 'bind_slot', 'rate_bucket', 'rate_share')"));
        Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_proc WHERE proname = 'rate_grant'"));
        await LedgerMigrator.MigrateAsync(ledger.ConnectionString, TimeProvider.System, CancellationToken.None);
        await using var again = await LedgerUnderTest.StartAsync(ledger.ConnectionString);
        Assert.Equal(2, again.Node.Current.Epoch);
        Assert.Equal(NodeMode.Standby, Assert.Single(await again.Nodes.ListAsync(CancellationToken.None)).Mode);
    }

    private static async Task MigrateAsync(LedgerUnderTest ledger, string target)
    {
        await using var context = new LedgerDbContext(LedgerDbContext.OptionsFor(ledger.Connections.Cold));
        await context.GetService<IMigrator>().MigrateAsync(target);
    }
}
