using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class NodeTests
{
    [Fact]
    public async Task Each_registration_takes_the_next_epoch_and_nodes_are_listed()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var first = await LedgerUnderTest.StartAsync(database, "b");
        await using var second = await LedgerUnderTest.StartAsync(database, "b");
        await using var other = await LedgerUnderTest.StartAsync(database, "a");
        await other.Nodes.RenewAsync(new NodeReport(null, 3, "cafe"), CancellationToken.None);
        var nodes = await other.Nodes.ListAsync(CancellationToken.None);
        Assert.Equal([("a", 1L, "cafe"), ("b", 2L, null)], nodes.Select(n => (n.Name, n.Epoch, n.ConfigurationHash)));
        Assert.Equal(first.Node.Keys.ForMo("c", "1"), other.Node.Keys.ForMo("c", "1"));
    }

    [Fact]
    public async Task Keys_of_two_installations_differ()
    {
        await using var one = await LedgerUnderTest.StartAsync(await NewInstallationAsync());
        await using var two = await LedgerUnderTest.StartAsync(await NewInstallationAsync());
        Assert.NotEqual(one.Node.Keys.ForClientMessageId("demo", "1"), two.Node.Keys.ForClientMessageId("demo", "1"));

        static async Task<string> NewInstallationAsync()
        {
            var database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
            Assert.Equal(["20261121000000_Initial", "20261122000000_Sites", "20261127000000_Proof"], await LedgerMigrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));
            return database;
        }
    }

    [Fact]
    public async Task A_server_that_is_not_durable_is_refused_where_durability_is_required()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var database = await LedgerUnderTest.DatabaseAsync(cluster);
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => LedgerUnderTest.StartAsync(database, configure: o => o.RequireDurability = true));
        Assert.Contains("fsync", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_is_versioned_and_followed()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        Assert.Null(await ledger.Configuration.LatestAsync(CancellationToken.None));
        Assert.Equal(1, await ledger.Configuration.ApplyAsync("""{"a":1}""", "h1", "test", "first", onlyIfEmpty: true, CancellationToken.None));
        Assert.Null(await ledger.Configuration.ApplyAsync("""{"a":2}""", "h2", "test", null, onlyIfEmpty: true, CancellationToken.None));
        await Assert.ThrowsAsync<LedgerDefectException>(() => ledger.Configuration.ApplyAsync("{", "h", "test", null, onlyIfEmpty: false, CancellationToken.None));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<string>();
        await foreach (var version in ledger.Configuration.WatchAsync(0, stop.Token))
        {
            seen.Add(version.Hash);
            if (seen.Count == 1)
            {
                Assert.Equal(("first", "test", """{"a": 1}"""), (version.Note, version.AppliedBy, version.Document));
                await ledger.Configuration.ApplyAsync("""{"a":3}""", "h3", "test", null, onlyIfEmpty: false, CancellationToken.None);
            }
            else
            {
                break;
            }
        }

        Assert.Equal(["h1", "h3"], seen);
    }

    [Fact]
    public async Task Following_goes_on_when_its_connection_is_lost_and_ends_with_its_token()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var watching = Task.Run(async () =>
        {
            var seen = new List<string>();
            await foreach (var version in ledger.Configuration.WatchAsync(0, stop.Token))
            {
                seen.Add(version.Hash);
                if (seen.Count == 2)
                {
                    await stop.CancelAsync();
                }
            }

            return seen;
        });
        await ledger.Configuration.ApplyAsync("{}", "h1", "test", null, onlyIfEmpty: false, CancellationToken.None);
        await Eventually.TrueAsync(() => ledger.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR wait_event = 'ClientRead'))"), "it listens");
        await using (var killer = new Npgsql.NpgsqlConnection(ledger.ConnectionString + ";Pooling=false"))
        {
            await killer.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", killer);
            await command.ExecuteNonQueryAsync();
            await using var apply = new Npgsql.NpgsqlCommand(
                "INSERT INTO configuration (document, hash, applied_at, applied_by) VALUES ('{}', 'h2', now(), 'test')", killer);
            await apply.ExecuteNonQueryAsync();
        }

        var hashes = await watching;
        Assert.Equal("h2", hashes[^1]);
    }
}
