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
    }
}
