using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class TakeOverTests : IAsyncLifetime
{
    private static readonly NodeReport Nothing = new(null, null, null);
    private LedgerUnderTest _a = null!;
    private LedgerUnderTest _b = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        _a = await LedgerUnderTest.StartAsync(database, "a");
        _b = await LedgerUnderTest.StartAsync(database, "b");
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_renewal_counts_and_brings_every_node_with_what_it_told()
    {
        await _a.Nodes.RenewAsync(new NodeReport(new NodeReach(["demo"], ["carrier-a"]), 3, "cafe"), CancellationToken.None);
        await _a.Nodes.RenewAsync(new NodeReport(null, 4, "beef"), CancellationToken.None);
        var renewal = await _b.Nodes.RenewAsync(Nothing, CancellationToken.None);
        Assert.True(renewal.Renewed);
        Assert.Null(renewal.LatestConfiguration);
        var (a, b) = (renewal.Nodes[0], renewal.Nodes[1]);
        Assert.Equal(("a", 2L, true, 4L, "beef"), (a.Name, a.Counter, a.Live, a.ConfigurationVersion, a.ConfigurationHash));
        Assert.Equal(["demo"], a.Reach.Accounts);
        Assert.Equal(["carrier-a"], a.Reach.Carriers);
        Assert.Equal(("b", 1L, 0), (b.Name, b.Counter, b.Reach.Accounts.Count));
    }

    [Fact]
    public async Task A_node_that_was_taken_over_learns_it_from_its_renewal_and_emits_nothing()
    {
        var standing = await _a.SeenByAsync(_b);
        Assert.True(await _b.Nodes.TakeOverAsync(standing, CancellationToken.None));
        Assert.False(await _b.Nodes.TakeOverAsync(standing, CancellationToken.None));
        Assert.True(_a.Lease.IsValid);
        var renewal = await _a.Nodes.RenewAsync(Nothing, CancellationToken.None);
        Assert.False(renewal.Renewed);
        Assert.False(_a.Lease.IsValid);
        await Assert.ThrowsAsync<FencedException>(() => _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None).AsTask());

        // Back under the next epoch, of which the one that took over knows nothing.
        Assert.Equal(3, (await _a.Nodes.RegisterAsync("1", CancellationToken.None)).Epoch);
        Assert.False(await _b.Nodes.TakeOverAsync(standing, CancellationToken.None));
        Assert.Equal(VerdictKind.Claimed, (await _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_node_that_has_renewed_since_it_was_seen_is_not_taken_over()
    {
        var seen = await _a.SeenByAsync(_b);
        Assert.True((await _a.Nodes.RenewAsync(Nothing, CancellationToken.None)).Renewed);
        Assert.False(await _b.Nodes.TakeOverAsync(seen, CancellationToken.None));
        Assert.True((await _a.Nodes.RenewAsync(Nothing, CancellationToken.None)).Renewed);
    }

    [Fact]
    public async Task Of_two_that_take_over_at_once_one_does()
    {
        await using var c = await LedgerUnderTest.StartAsync(_a.ConnectionString, "c");
        for (var i = 0; i < 10; i++)
        {
            var seen = await _a.SeenByAsync(_b);
            var both = await Task.WhenAll(_b.Nodes.TakeOverAsync(seen, CancellationToken.None), c.Nodes.TakeOverAsync(seen, CancellationToken.None));
            Assert.Single(both, taken => taken);
            Assert.Equal(seen.Epoch + 1, (await _a.SeenByAsync(_b)).Epoch);
            await _a.Nodes.RegisterAsync("1", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Taking_over_waits_for_a_claim_in_commit_and_refuses_the_one_after()
    {
        var entry = Make.Entry(_a, Make.Id());
        await using var held = await HeldTransaction.AtInsertAsync(_a, "entry", $"NEW.id = '{entry.Id}'");
        var claim = _a.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
        await held.ReachedAsync();
        var seen = await _a.SeenByAsync(_b);
        Assert.False(await _b.Nodes.TakeOverAsync(seen, CancellationToken.None));

        // A renewal does not wait for claims, nor they for it.
        Assert.True((await _a.Nodes.RenewAsync(Nothing, CancellationToken.None)).Renewed);
        Assert.False(claim.IsCompleted);
        await held.ReleaseAsync();
        Assert.Equal((VerdictKind.Claimed, true), ((await claim).Kind, (await claim).MayEmit));
        var epoch = await _a.TakenOverByAsync(_b);
        await Assert.ThrowsAsync<FencedException>(() => _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None).AsTask());
        Assert.Equal(new Adopted(1, 0), await _b.Queue.AdoptAsync(epoch, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_claim_that_comes_while_the_lease_is_being_ended_is_refused()
    {
        await using var taking = await _b.Connections.Cold.OpenConnectionAsync();
        await using var transaction = await taking.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("SELECT FROM node WHERE name = 'a' FOR UPDATE; UPDATE node SET epoch = epoch + 1, live = false WHERE name = 'a'", taking))
        {
            await command.ExecuteNonQueryAsync();
        }

        var claim = _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None).AsTask();
        await Eventually.TrueAsync(
            () => _b.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'smsgateway/a' AND datname = current_database())"),
            "the claim waits");
        await transaction.CommitAsync();
        await Assert.ThrowsAsync<FencedException>(() => claim);
        Assert.Equal(0, await _b.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task A_process_that_is_stopped_in_the_middle_of_sending_a_batch_does_not_keep_its_node_for_ever()
    {
        await using var quick = await LedgerUnderTest.StartAsync(_a.ConnectionString, "quick", configure: o => o.LeaseValidFor = TimeSpan.FromMilliseconds(400));
        using var unfinished = await UnfinishedBatch.BeginAsync(_a, $"SELECT ledger_enter({_a.Node.Current.Node}::smallint, {_a.Node.Current.Epoch})");
        await Eventually.TrueAsync(
            () => _b.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'smsgateway/a' AND state = 'active' AND wait_event = 'ClientRead' AND datname = current_database())"),
            "the server waits for the rest of the batch");

        // Not old enough for one with patience.
        var seen = await _a.SeenByAsync(_b);
        Assert.False(await _b.Nodes.TakeOverAsync(seen, CancellationToken.None));
        await Eventually.TrueAsync(() => TakenOverAsync(quick, seen), "the node is taken over");
    }

    // A backend that has just ended by itself is a warning, and reason to call again.
    private static async Task<bool> TakenOverAsync(LedgerUnderTest by, NodeStanding dead)
    {
        try
        {
            return await by.Nodes.TakeOverAsync(dead, CancellationToken.None);
        }
        catch (LedgerUnavailableException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_node_that_leaves_hands_everything_over_at_once()
    {
        await _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None);
        var epoch = _a.Node.Current;
        await _a.Nodes.LeaveAsync(CancellationToken.None);
        Assert.False(_a.Lease.IsValid);
        var left = await _a.SeenByAsync(_b);
        Assert.Equal((false, epoch.Epoch + 1, 0), (left.Live, left.Epoch, left.Reach.Carriers.Count));
        await Assert.ThrowsAsync<FencedException>(() => _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None).AsTask());
        Assert.Equal(new Adopted(1, 0), await _b.Queue.AdoptAsync(new NodeEpoch(left.Id, left.Epoch), 10, CancellationToken.None));
        await _a.Nodes.LeaveAsync(CancellationToken.None);
        Assert.Equal(left.Epoch, (await _a.SeenByAsync(_b)).Epoch);
    }

    [Fact]
    public async Task What_a_node_still_owns_is_counted_up_to_a_limit()
    {
        for (var i = 0; i < 3; i++)
        {
            await _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None);
        }

        await _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id(), first: new FirstAttempt("carrier-a", "b")), CancellationToken.None);
        var id = Make.Id("left");
        await Make.SubmittedAsync(_a, id);
        await _a.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None);
        Assert.Equal(new NodeLeftovers(3, 1, 1), await _b.Nodes.LeftoversAsync(_a.Node.Current, 100, CancellationToken.None));
        Assert.Equal(new NodeLeftovers(2, 1, 1), await _b.Nodes.LeftoversAsync(_a.Node.Current, 2, CancellationToken.None));
        Assert.Equal(default, await _b.Nodes.LeftoversAsync(_b.Node.Current, 100, CancellationToken.None));
    }
}
