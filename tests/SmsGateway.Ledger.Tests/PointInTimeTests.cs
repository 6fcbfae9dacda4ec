using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// A restore as operators make it (pg_basebackup, archived WAL, recovery_target_time), without the processes around it: those are in the end-to-end tests.
public sealed class PointInTimeTests
{
    private static readonly AuditActor Anna = new("anna", "command", null);

    [Fact]
    public async Task A_node_notices_that_the_ledger_went_back_and_what_it_sent_since_is_in_doubt_and_not_in_its_queue()
    {
        await using var postgres = await PostgresCluster.StartAsync(PostgresOptions.Archived);
        var database = await LedgerUnderTest.DatabaseAsync(postgres);
        NodeMark mark;
        DateTimeOffset point;
        NewEntry entry;
        await using (var before = await LedgerUnderTest.StartAsync(database, "a"))
        {
            await postgres.BackUpAsync();
            entry = Make.Entry(before, Make.Id());
            await before.Claims.ClaimAsync(entry, CancellationToken.None);
            point = TimeProvider.System.GetUtcNow();
            await before.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None);
            var segment = Assert.Single(await before.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
            Assert.Single(await before.Attempts.AttemptAsync([Make.Attempt(segment)]));
            await before.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: "c1"), CancellationToken.None);
            mark = before.Nodes.Mark!;
        }

        await postgres.StopAsync();
        await postgres.RestoreAsync(point);

        await using var after = LedgerUnderTest.Over(database, node: "a");
        Assert.Equal(1L, await after.ScalarAsync<long>("SELECT count(*) FROM queue")); // what a node would send again
        after.Nodes.Remember(mark);
        await Assert.ThrowsAsync<QuarantinedException>(() => after.Nodes.RegisterAsync("again", CancellationToken.None));
        var status = await after.Restores.QuarantineAsync(point, Anna, CancellationToken.None);
        Assert.Equal((1L, 0L, "a"), (status.Segments, status.Attempts, status.OpenedBy));
        Assert.Contains("renewal 1 was committed; the ledger has epoch 1, renewal 0", status.Evidence, StringComparison.Ordinal);
        await Assert.ThrowsAsync<QuarantinedException>(() => after.Nodes.RegisterAsync("again", CancellationToken.None));

        Assert.True(await after.Restores.ReleaseAsync(falseAlarm: false, Anna, CancellationToken.None));
        await after.Nodes.RegisterAsync("again", CancellationToken.None);
        Assert.True((await after.Queue.AdoptAsync(10, CancellationToken.None)).IsEmpty);
        Assert.Empty(await after.Queue.ConnectorsWithWorkAsync(CancellationToken.None));
        var doubt = Assert.Single(await after.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
        Assert.Equal((entry.Id, "restore@a#0"), (doubt.Key.Segment.Id, doubt.Bind));
    }
}
