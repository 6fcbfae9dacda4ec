using System.Net;
using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// One ledger on two servers, for real: a primary, a synchronous standby, and the promotion of that standby when the primary was killed or fell silent.
public sealed class FailoverTests : IAsyncLifetime
{
    // Nobody listens there: the connection is refused.
    private const string Dead = "127.0.0.1:1";

    private PostgresCluster _a = null!;
    private PostgresCluster _b = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _a = await PostgresCluster.StartAsync();
        _database = await LedgerUnderTest.DatabaseAsync(_a);
        _b = await _a.StartStandbyAsync();
        await _a.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await _a.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(async () => await AskAsync<long>(_a, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1, "the standby is synchronous");
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_that_waited_for_the_standby_when_the_primary_was_killed_is_made_once_at_the_new_primary()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(Hosts(_a, _b));
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        _b.Freeze();
        var entry = Make.Entry(ledger, Make.Id());
        var claim = ledger.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
        await Eventually.TrueAsync(async () => await AskAsync<long>(_a, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0, "the claim waits for the standby");
        await _a.KillAsync();
        _b.Thaw();
        await _b.PromoteAsync();

        Assert.Equal((VerdictKind.Claimed, entry.Id), ((await claim).Kind, (await claim).MessageId.Value));
        Assert.Equal(1, await AskAsync<long>(_b, $"SELECT count(*) FROM entry WHERE id = '{entry.Id}'"));
        Assert.Equal(VerdictKind.Duplicate, (await ledger.Claims.ClaimAsync(entry with { Nonce = entry.Nonce + 1 }, CancellationToken.None)).Kind);
        Assert.True((await ledger.Health.CheckAsync(CancellationToken.None)).OnOneMachine);
    }

    [Fact]
    public async Task A_primary_that_falls_silent_holds_nothing_up_once_another_one_is_promoted_and_is_not_used_when_it_wakes()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(Hosts(_a, _b), time: time, configure: o =>
        {
            // As many as fall silent here: those at the old primary must not be counted against the new one.
            (o.MaxAbandoned, o.Lanes, o.AbandonAfter) = (1, 1, TimeSpan.FromSeconds(10));
        });
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        _a.Freeze();
        var entry = Make.Entry(ledger, Make.Id());
        var claim = ledger.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return ledger.Core.Hot.Abandoned == 1;
            },
            "the silent connection is given up");
        await _b.PromoteAsync();
        await EventuallyDoneAsync(time, claim);

        Assert.Equal(VerdictKind.Claimed, (await claim).Kind);
        Assert.Equal(1, await AskAsync<long>(_b, $"SELECT count(*) FROM entry WHERE id = '{entry.Id}'"));
        Assert.Equal(1, ledger.Core.Hot.Abandoned);
        Assert.InRange((await UntilFoundAsync(() => ledger.Nodes.RegisterAsync("test", CancellationToken.None))).Epoch, 2, 9);

        // It still takes itself for the primary, and comes first in the connection string. What was silent there waits for its standby, until nobody is one.
        _a.Thaw();
        await _a.ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await _a.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(() => ledger.Core.Hot.Abandoned == 0, "what was silent has ended");
        ledger.Connections.Doubt();
        var later = Make.Entry(ledger, Make.Id());
        await EventuallyDoneAsync(time, ledger.Claims.ClaimAsync(later, CancellationToken.None).AsTask());
        Assert.Equal(1, await AskAsync<long>(_b, $"SELECT count(*) FROM entry WHERE id = '{later.Id}'"));
    }

    [Fact]
    public async Task What_waits_at_a_silent_primary_goes_on_as_soon_as_somebody_finds_the_new_one()
    {
        // So patient that only the news can end the wait.
        await using var ledger = await LedgerUnderTest.StartAsync(Hosts(_a, _b), configure: o => o.AbandonAfter = TimeSpan.FromHours(1));
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        _a.Freeze();
        var claim = ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None).AsTask();
        await _b.PromoteAsync();
        await FollowAsync(ledger, _b);
        Assert.Equal(VerdictKind.Claimed, (await claim).Kind);
        _a.Thaw();
    }

    [Fact]
    public async Task A_primary_that_is_silent_when_a_node_starts_is_asked_again()
    {
        var primary = new NpgsqlConnectionStringBuilder(_a.ConnectionString);
        await using var link = new CuttableLink(new IPEndPoint(IPAddress.Loopback, primary.Port));
        link.Cut();
        var hosts = new NpgsqlConnectionStringBuilder(Hosts(_b)) { Host = $"127.0.0.1:{link.Port},{new NpgsqlConnectionStringBuilder(Hosts(_b)).Host}" };
        var starting = LedgerUnderTest.StartAsync(hosts.ConnectionString);
        await Eventually.TrueAsync(() => starting.IsCompleted || link.Accepted > 1, "it is asked again");
        link.Heal();

        await using var ledger = await starting;
        Assert.Equal(VerdictKind.Claimed, (await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_renewal_that_is_not_answered_is_reason_enough_to_look_for_the_primary()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(Hosts(_a, _b), time: time, configure: o => o.AbandonAfter = TimeSpan.FromHours(1));
        var report = new NodeReport(null, null, null);
        Assert.True((await ledger.Nodes.RenewAsync(report, CancellationToken.None)).Renewed);
        _a.Freeze();
        await _b.PromoteAsync();
        var renewing = ledger.Nodes.RenewAsync(report, CancellationToken.None);
        await time.TimerWithinAsync(ledger.Core.Options.LeaseValidFor / 3);
        time.Advance(ledger.Core.Options.LeaseValidFor / 3);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => renewing);
        Assert.True((await UntilFoundAsync(() => ledger.Nodes.RenewAsync(report, CancellationToken.None))).Renewed);
        _a.Thaw();
    }

    [Fact]
    public async Task Hints_and_the_configuration_are_followed_to_the_new_primary()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(Hosts(_a, _b));
        await using var hints = ledger.Hints.ListenAsync(CancellationToken.None).GetAsyncEnumerator();
        await using var versions = ledger.Configuration.WatchAsync(0, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await hints.MoveNextAsync());
        await ledger.Configuration.ApplyAsync("{}", "1", "test", null, onlyIfEmpty: false, CancellationToken.None);
        Assert.True(await versions.MoveNextAsync());
        var (hint, version) = (hints.MoveNextAsync().AsTask(), versions.MoveNextAsync().AsTask());
        _a.Freeze();
        await _b.PromoteAsync();
        await FollowAsync(ledger, _b);

        Assert.True(await hint);
        Assert.Equal(HintKind.All, hints.Current);
        await ledger.Hints.TellAsync([(0, HintKind.Queue)], CancellationToken.None);
        Assert.True(await hints.MoveNextAsync());
        Assert.Equal(HintKind.Queue, hints.Current);
        var second = await ledger.Configuration.ApplyAsync("{}", "2", "test", null, onlyIfEmpty: false, CancellationToken.None);
        Assert.True(await version);
        Assert.Equal(second, versions.Current.Version);
        _a.Thaw();
    }

    [Fact]
    public async Task The_primary_is_found_wherever_it_stands_among_the_hosts()
    {
        var text = new NpgsqlConnectionStringBuilder(Hosts(_b, _a)) { TargetSessionAttributes = "primary" };
        text.Host = $"{Dead},{text.Host}";
        Assert.Empty(await LedgerMigrator.MigrateAsync(text.ConnectionString, TimeProvider.System, CancellationToken.None));
        await using (var cold = LedgerUnderTest.Over(text.ConnectionString))
        {
            await SchemaCheck.EnsureSuitsAsync(cold.Connections, CancellationToken.None);
            Assert.NotNull(await cold.Configuration.ApplyAsync("{}", "1", "test", null, onlyIfEmpty: true, CancellationToken.None));
        }

        await using var ledger = await LedgerUnderTest.StartAsync(text.ConnectionString);
        Assert.Equal(VerdictKind.Claimed, (await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Without_a_primary_among_the_hosts_it_is_told_what_is_wrong_with_each()
    {
        var text = new NpgsqlConnectionStringBuilder(Hosts(_b));
        text.Host = $"{Dead},{text.Host}";
        await using var ledger = LedgerUnderTest.Over(text.ConnectionString);
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.Nodes.RegisterAsync("test", CancellationToken.None));
        Assert.Contains($"{Dead}: Failed to connect", error.Message, StringComparison.Ordinal);
        Assert.Contains("The server is a standby", error.Message, StringComparison.Ordinal);
        Assert.False((await ledger.Health.CheckAsync(CancellationToken.None)).Reachable);
    }

    [Fact]
    public async Task A_listener_that_is_refused_gives_its_connection_back()
    {
        // A standby refuses LISTEN and keeps the connection. More often than a pool has places.
        var time = new ManualTimeProvider();
        await using var ledger = LedgerUnderTest.Over(Hosts(_b), time: time);
        using var stop = new CancellationTokenSource();
        var listening = Task.Run(async () =>
        {
            await foreach (var _ in ledger.Hints.ListenAsync(stop.Token))
            {
            }
        });
        for (var i = 0; i < 20; i++)
        {
            await time.TimersAsync(1);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(await AskAsync<long>(_b, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'smsgateway/smsc1.dc3'"), 1, 2);
        await stop.CancelAsync();
        await listening;
    }

    // A search gives each server 2 s to answer; on a slow machine it takes more than one.
    private static async Task<T> UntilFoundAsync<T>(Func<Task<T>> ask)
    {
        T found = default!;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    found = await ask();
                    return true;
                }
                catch (LedgerUnavailableException)
                {
                    return false;
                }
            },
            "the primary is found",
            TimeSpan.FromMinutes(2));
        return found;
    }

    // Whoever asks right after a search is told what it found, so one question is not enough.
    private static Task FollowAsync(LedgerUnderTest ledger, PostgresCluster cluster)
    {
        ledger.Connections.Doubt();
        var port = $":{new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Port}";
        return Eventually.TrueAsync(
            async () => (await UntilFoundAsync(() => ledger.Connections.PrimaryAsync(CancellationToken.None).AsTask())).Name.EndsWith(port, StringComparison.Ordinal),
            "the new primary is found",
            TimeSpan.FromMinutes(2));
    }

    // In small steps: what waits for an answer of the new primary must not be given up.
    private static Task EventuallyDoneAsync(ManualTimeProvider time, Task task) => Eventually.TrueAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return task.IsCompleted;
        },
        "it is done at the new primary",
        TimeSpan.FromMinutes(2));

    private string Hosts(params PostgresCluster[] clusters) => new NpgsqlConnectionStringBuilder(_database)
    {
        Host = string.Join(',', clusters.Select(cluster => new NpgsqlConnectionStringBuilder(cluster.ConnectionString)).Select(one => $"{one.Host}:{one.Port}")),
    }.ConnectionString;

    private async Task<T> AskAsync<T>(PostgresCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Hosts(cluster)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
