using System.Net;
using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class UnknownCommitTests : IAsyncLifetime
{
    private AnswerThief _thief = null!;
    private LedgerUnderTest _ledger = null!;
    private string _through = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        var direct = new NpgsqlConnectionStringBuilder(database);
        _thief = new AnswerThief(new IPEndPoint(IPAddress.Parse((await Dns.GetHostAddressesAsync(direct.Host!))[0].ToString()), direct.Port));
        var through = new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = _thief.Port, SslMode = SslMode.Disable };
        _through = through.ConnectionString;
        _ledger = await LedgerUnderTest.StartAsync(_through, configure: o => o.Lanes = 1);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _thief.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_claim_whose_answer_was_lost_recognises_itself(bool keyed, bool fast)
    {
        await WarmAsync();
        var entry = Make.Entry(_ledger, keyed ? Make.Id() : null, first: fast ? new FirstAttempt("carrier-a", "b") : null);
        _thief.Steal(1);
        var verdict = await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        Assert.Equal((VerdictKind.Claimed, true, entry.Id), (verdict.Kind, verdict.MayEmit, verdict.MessageId.Value));
        Assert.Equal(1, _thief.Stolen);
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM entry WHERE id = '{entry.Id}'"));
    }

    [Fact]
    public async Task A_claim_whose_rows_were_taken_meanwhile_emits_nothing()
    {
        await WarmAsync();
        var entry = Make.Entry(_ledger, Make.Id(), first: new FirstAttempt("carrier-a", "b"));
        await _ledger.ExecuteAsync("""
            CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.owner := 99; RETURN NEW; END';
            CREATE TRIGGER take BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION take();
            """);
        _thief.Steal(1);
        var verdict = await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        await _ledger.ExecuteAsync("DROP TRIGGER take ON attempt; DROP FUNCTION take()");
        Assert.Equal((VerdictKind.Claimed, false), (verdict.Kind, verdict.MayEmit));
    }

    [Fact]
    public async Task A_duplicate_whose_answer_was_lost_is_still_a_duplicate()
    {
        await WarmAsync();
        var id = Make.Id();
        await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, id), CancellationToken.None);
        _thief.Steal(1);
        Assert.Equal(VerdictKind.Duplicate, (await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, id), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_named_MO_whose_answer_was_lost_recognises_itself()
    {
        var mo = Make.Mo(TimeProvider.System.GetUtcNow()) with { CarrierKey = Make.Id() };
        await _ledger.Mos.RecordAsync(mo with { BodyHash = Guid.NewGuid() }, CancellationToken.None);
        _thief.Steal(1);
        Assert.Equal(MoVerdict.Stored, await _ledger.Mos.RecordAsync(mo, CancellationToken.None));
        Assert.Equal(1, _thief.Stolen);
        Assert.Equal(MoVerdict.Duplicate, await _ledger.Mos.RecordAsync(mo, CancellationToken.None));
        Assert.Equal(2, await _ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 2"));
    }

    [Fact]
    public async Task An_attempt_whose_answer_was_lost_is_granted_to_the_same_call()
    {
        await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id(), route: ["lost-a"]), CancellationToken.None);
        var segment = Assert.Single(await _ledger.Queue.FetchAsync("lost-a", Priority.Bulk, 10, 0, CancellationToken.None));
        var attempt = Make.Attempt(segment, connector: "lost-a");
        _thief.Steal(1);
        Assert.Equal(attempt.Key, Assert.Single(await _ledger.Attempts.AttemptAsync([attempt])));
        Assert.Empty(await _ledger.Attempts.AttemptAsync([attempt with { Bind = "another" }]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_claim_whose_answer_was_lost_and_whose_node_has_another_epoch_by_now_emits_nothing(bool fast)
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(_through, "anew", time, o => o.Lanes = 1);
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        var entry = Make.Entry(ledger, Make.Id(), first: fast ? new FirstAttempt("carrier-a", "b") : null);
        _thief.Steal(1);
        var claim = ledger.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
        await time.TimerWithinAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _thief.Stolen);
        await ledger.Nodes.RegisterAsync("anew", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        var verdict = await claim;
        Assert.Equal((VerdictKind.Claimed, false), (verdict.Kind, verdict.MayEmit));
        Assert.Equal(1, await _ledger.ScalarAsync<long>(
            $"SELECT (SELECT count(*) FROM queue WHERE id = '{entry.Id}') + (SELECT count(*) FROM attempt WHERE id = '{entry.Id}')"));
    }

    [Fact]
    public async Task An_attempt_whose_answer_was_lost_and_whose_node_has_another_epoch_by_now_is_not_granted()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(_through, "anew", time, o => o.Lanes = 1);
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id(), route: ["anew-a"]), CancellationToken.None);
        var segment = Assert.Single(await ledger.Queue.FetchAsync("anew-a", Priority.Bulk, 10, 0, CancellationToken.None));
        _thief.Steal(1);
        var granting = ledger.Attempts.AttemptAsync([Make.Attempt(segment, connector: "anew-a")]);
        await time.TimerWithinAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _thief.Stolen);
        await ledger.Nodes.RegisterAsync("anew", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await granting);
        Assert.Equal(0, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM queue WHERE id = '{segment.Key.Id}'"));
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM attempt WHERE id = '{segment.Key.Id}'"));
    }

    [Fact]
    public async Task A_silent_connection_is_abandoned_never_used_again_and_the_claim_recognises_itself()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(_through, "silent", time, o => o.AbandonAfter = TimeSpan.FromSeconds(10));
        await ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None);
        _thief.Silent = true;
        _thief.Steal(1);
        var claim = ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => _thief.Stolen == 1, "the answer is lost");
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return claim.IsCompleted;
            },
            "it is given up and made anew");
        var verdict = await claim;
        Assert.Equal((VerdictKind.Claimed, true), (verdict.Kind, verdict.MayEmit));
        Assert.Equal(1, ledger.Core.Hot.Abandoned);
    }

    [Fact]
    public async Task A_silent_connection_costs_a_third_of_the_lease_and_the_next_renewal_goes_over_another_one()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(_through, "hushed", time, o => o.AbandonAfter = TimeSpan.FromMinutes(2));
        Assert.True((await ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None)).Renewed);
        _thief.Silent = true;
        _thief.Steal(1);
        var renewing = ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None);
        await Eventually.TrueAsync(() => _thief.Stolen == 1, "the answer is lost");
        time.Advance(ledger.Core.Options.LeaseValidFor / 3);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => renewing);
        Assert.True((await ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None)).Renewed);
        Assert.True(ledger.Lease.IsValid);
    }

    [Fact]
    public async Task A_backend_that_is_terminated_in_mid_claim_costs_a_retry()
    {
        await WarmAsync();
        await using var blocker = await _ledger.Connections.Cold.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT FROM node FOR UPDATE", blocker))
        {
            await command.ExecuteNonQueryAsync();
        }

        var claim = _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id()), CancellationToken.None).AsTask();
        const string Waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        await Eventually.TrueAsync(() => _ledger.ScalarAsync<bool>($"SELECT EXISTS (SELECT {Waiting})"), "the claim waits");
        await _ledger.ExecuteAsync($"SELECT pg_terminate_backend(pid) {Waiting}");
        await transaction.CommitAsync();
        Assert.Equal(VerdictKind.Claimed, (await claim).Kind);
    }

    [Fact]
    public async Task A_ledger_that_is_away_fails_the_waiters_in_time_and_says_so()
    {
        var options = new LedgerOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody", RetryFor = TimeSpan.FromMilliseconds(100) };
        var node = new NodeIdentity("away", "dc3");
        node.Enter(new NodeEpoch(1, 1), new MessageKeys(new byte[32]));
        await using var connections = new LedgerConnections(options, node);
        var core = LedgerCore.Create(
            options, connections, node, new DeliveryFeed(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await using var claims = new ClaimLedger(core);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => claims.ClaimAsync(Make.Entry(_ledger, Make.Id()), CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => new NodeLedger(core, new NodeLease(TimeProvider.System, core.Options)).RegisterAsync("1", CancellationToken.None));
        var condition = await new LedgerHealth(core).CheckAsync(CancellationToken.None);
        Assert.False(condition.Reachable);
        Assert.NotNull(condition.Problem);
    }

    // One connection, its statements prepared: the next answer is the claim's own.
    private async Task WarmAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id()), CancellationToken.None);
        }
    }
}
