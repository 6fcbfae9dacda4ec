using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// A cancelled wait for the standby makes COMMIT say success, with a WARNING: the row is on one machine only.
public sealed class ReplicationTrapTests
{
    private const string Waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name LIKE 'smsgateway/%'";

    [Fact]
    public async Task No_verdict_is_given_while_the_standby_is_missing_not_even_when_the_wait_is_cancelled()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(cluster));
        Assert.True((await ledger.Health.CheckAsync(CancellationToken.None)).OnOneMachine);
        var id = Make.Id();
        var known = Make.Entry(ledger, Make.Id());
        await ledger.Claims.ClaimAsync(known, CancellationToken.None);
        await SetStandbyAsync(cluster, ledger, "nobody");
        Assert.False((await ledger.Health.CheckAsync(CancellationToken.None)).OnOneMachine);

        var claim = ledger.Claims.ClaimAsync(Make.Entry(ledger, id), CancellationToken.None).AsTask();
        var first = await WaitingBackendAsync(ledger, 0);
        Assert.Equal(1, await ledger.ScalarAsync<int>("SELECT 1"));

        // The trap: the row becomes visible, the server says success and warns. It must not become a verdict, neither
        // for the claim nor for its repeat, which finds the key taken.
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend({first})");
        var second = await WaitingBackendAsync(ledger, first);
        Assert.Equal(1, await ledger.ScalarAsync<long>($"SELECT count(*) FROM entry WHERE client_message_id = '{id}'"));
        Assert.False(claim.IsCompleted);

        // A batch of duplicates only waits as well: it must not vouch for a row that is on one machine.
        await using var other = StartWithoutWait(ledger);
        var repeat = other.Claims.ClaimAsync(known with { Nonce = 7 }, CancellationToken.None).AsTask();
        await WaitingBackendAsync(ledger, second);
        Assert.False(repeat.IsCompleted);

        await SetStandbyAsync(cluster, ledger, "");
        Assert.Equal(VerdictKind.Claimed, (await claim).Kind);
        Assert.Equal(VerdictKind.Duplicate, (await repeat).Kind);
    }

    [Fact]
    public async Task A_renewal_that_is_on_one_machine_only_does_not_prolong_the_lease()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var time = new ManualTimeProvider();
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(cluster), time: time);
        await using var other = await LedgerUnderTest.StartAsync(ledger.ConnectionString, "other");
        var report = new NodeReport(null, null, null);
        Assert.True((await ledger.Nodes.RenewAsync(report, CancellationToken.None)).Renewed);
        time.Advance(TimeSpan.FromSeconds(2));
        await SetStandbyAsync(cluster, ledger, "nobody");
        var renewal = ledger.Nodes.RenewAsync(report, CancellationToken.None);
        var waiting = await WaitingBackendAsync(ledger, 0);
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend({waiting})");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => renewal);

        // The others see the counter that nobody vouches for: they only judge later.
        Assert.Equal(2, await ledger.ScalarAsync<long>($"SELECT counter FROM node WHERE id = {ledger.Node.Current.Node}"));
        Assert.Equal(TimeSpan.FromSeconds(2), ledger.Lease.Age);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(ledger.Lease.IsValid);
        await SetStandbyAsync(cluster, ledger, "");
        Assert.False((await ledger.Nodes.RenewAsync(report, CancellationToken.None)).Renewed);
        Assert.Equal(2, (await ledger.Nodes.RegisterAsync("1", CancellationToken.None)).Epoch);
    }

    [Fact]
    public async Task A_hand_over_and_a_take_over_that_are_on_one_machine_only_are_unknown_and_can_be_done_again()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(cluster), "a");
        await using var other = await LedgerUnderTest.StartAsync(ledger.ConnectionString, "b");
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        var segment = Assert.Single(await ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        var seen = await other.SeenByAsync(ledger);
        await SetStandbyAsync(cluster, ledger, "nobody");
        var given = ledger.Queue.HandOverAsync([segment.Key], other.Node.Current, CancellationToken.None);
        var first = await WaitingBackendAsync(ledger, 0);
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend({first})");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => given);
        var taken = ledger.Nodes.TakeOverAsync(seen, CancellationToken.None);
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend({await WaitingBackendAsync(ledger, first)})");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => taken);
        await SetStandbyAsync(cluster, ledger, "");

        // Both stand by now, or both do not: the next look tells, and the sweep takes what there is.
        Assert.Equal(0, await ledger.Queue.HandOverAsync([segment.Key], other.Node.Current, CancellationToken.None));
        Assert.False(await ledger.Nodes.TakeOverAsync(seen, CancellationToken.None));
        var left = await other.SeenByAsync(ledger);
        Assert.False(left.Live);
        Assert.Equal(new Adopted(1, 0), await ledger.Queue.AdoptAsync(new NodeEpoch(left.Id, left.Epoch), 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_fact_that_is_on_one_machine_only_is_not_vouched_for_by_the_try_that_finds_it_stored()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(
            await LedgerUnderTest.DatabaseAsync(cluster), configure: options => (options.RetryFor, options.AbandonAfter) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)));
        var entry = Make.Entry(ledger, Make.Id(), first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1"));
        await ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        await Make.SubmittedAsync(ledger, "known");
        await ledger.Receipts.RecordAsync(Make.Receipt("known"), CancellationToken.None);
        var owed = Assert.Single(ledger.Announced);
        var unreadable = Guid.CreateVersion7();
        var mo = Make.Mo(ledger.Core.Time.GetUtcNow());

        await HoldsAsync("an outcome", () => ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: "told"), CancellationToken.None).AsTask());
        await HoldsAsync("a receipt", () => ledger.Receipts.RecordAsync(Make.Receipt("told"), CancellationToken.None).AsTask());
        await HoldsAsync("a receipt that waits", () => ledger.Receipts.RecordAsync(Make.Receipt("nobody's"), CancellationToken.None).AsTask());
        await HoldsAsync("an MO", () => ledger.Mos.RecordAsync(mo, CancellationToken.None).AsTask());
        await HoldsAsync("an acknowledgement", () => ledger.Outbox.AcknowledgeAsync(new DeliveryAck(owed.Id, 1, "x"), CancellationToken.None).AsTask());

        // The second call is the caller's own.
        await SetStandbyAsync(cluster, ledger, "nobody");
        var stored = StoreRawAsync();
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend({await WaitingBackendAsync(ledger, 0)})");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => stored);
        stored = StoreRawAsync();
        await WaitingBackendAsync(ledger, 0);
        Assert.False(stored.IsCompleted);
        await SetStandbyAsync(cluster, ledger, "");
        await stored;

        Task StoreRawAsync() => ledger.Receipts.ParkRawAsync(unreadable, "receipt_unreadable", "carrier-a", [1], "no id", CancellationToken.None);

        async Task HoldsAsync(string what, Func<Task> record)
        {
            await SetStandbyAsync(cluster, ledger, "nobody");
            var recorded = record();
            var first = await WaitingBackendAsync(ledger, 0);
            await ledger.ExecuteAsync($"SELECT pg_cancel_backend({first})");
            await WaitingBackendAsync(ledger, first);
            Assert.False(recorded.IsCompleted, what);
            await SetStandbyAsync(cluster, ledger, "");
            await recorded;
        }
    }

    // Registering would wait for the standby too: this node shares the identity of the first.
    private static LedgerUnderTest StartWithoutWait(LedgerUnderTest ledger)
    {
        var other = LedgerUnderTest.Over(ledger.ConnectionString);
        other.Node.Enter(ledger.Node.Current, ledger.Node.Keys);
        return other;
    }

    private static async Task<int> WaitingBackendAsync(LedgerUnderTest ledger, int butNot)
    {
        await Eventually.TrueAsync(() => ledger.ScalarAsync<bool>($"SELECT EXISTS (SELECT {Waiting} AND pid <> {butNot})"), "a transaction waits for the standby");
        return await ledger.ScalarAsync<int>($"SELECT pid {Waiting} AND pid <> {butNot} LIMIT 1");
    }

    private static async Task SetStandbyAsync(PostgresCluster cluster, LedgerUnderTest ledger, string name)
    {
        await cluster.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await ledger.ScalarAsync<string>("SELECT current_setting('synchronous_standby_names')") == name, "the server knows its standby");
        if (name.Length > 0)
        {
            await Eventually.TrueAsync(() => WaitsAsync(ledger), "commits wait for the standby");
        }
    }

    // What a backend shows is not yet in force: commits wait from when the checkpointer has read it too.
    private static async Task<bool> WaitsAsync(LedgerUnderTest ledger)
    {
        var probe = ledger.ExecuteAsync("SELECT pg_logical_emit_message(true, 'probe', '')");
        await Eventually.TrueAsync(async () => probe.IsCompleted || await ledger.ScalarAsync<bool>($"SELECT EXISTS (SELECT {Waiting})"), "the probe ends or waits");
        var waited = !probe.IsCompleted;
        await ledger.ExecuteAsync($"SELECT pg_cancel_backend(pid) {Waiting} AND query LIKE '%probe%'");
        await probe;
        return waited;
    }
}
