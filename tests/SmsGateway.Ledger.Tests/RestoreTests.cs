using Npgsql;

namespace SmsGateway.Ledger.Tests;

// The quarantine after a restore to a point in time. A restore itself is played by setting the node's row back; the real one is an end-to-end test.
public sealed class RestoreTests : IAsyncLifetime
{
    private static readonly NodeReport Nothing = new(null, null, null);
    private static readonly AuditActor Anna = new("anna", "command", null);
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
    public async Task A_quarantine_puts_all_that_waits_and_all_that_is_open_in_doubt_and_nobody_emits_until_its_release()
    {
        var id = Make.Id();
        var open = Make.Entry(_b, Make.Id(), first: new FirstAttempt("carrier-a", "carrier-a@b#1"));
        await _a.Claims.ClaimAsync(Make.Entry(_a, id, parts: 2), CancellationToken.None);
        await _b.Claims.ClaimAsync(open, CancellationToken.None);

        var status = await _a.Restores.QuarantineAsync(null, Anna, CancellationToken.None);

        Assert.Equal((true, 2L, 1L, 3L, 0L), (status.IsOpen, status.Segments, status.Attempts, status.InDoubt, status.Waiting));
        Assert.Equal(await _a.ScalarAsync<DateTime>("SELECT max(renewed_at) FROM node"), status.Since!.Value.UtcDateTime);
        var doubts = await _a.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None);
        Assert.Equal(["restore@a#0", "restore@a#0", "restore@b#0"], doubts.Select(doubt => doubt.Bind).Order());
        Assert.All(doubts, doubt => Assert.True(RestoredBind.Is(doubt.Bind)));
        foreach (var node in (LedgerUnderTest[])[_a, _b])
        {
            await Assert.ThrowsAsync<FencedException>(() => node.Claims.ClaimAsync(Make.Entry(node, Make.Id()), CancellationToken.None).AsTask());
            Assert.False((await node.Nodes.RenewAsync(Nothing, CancellationToken.None)).Renewed);
            await Assert.ThrowsAsync<QuarantinedException>(() => node.Nodes.RegisterAsync("again", CancellationToken.None));
            Assert.False(node.Lease.IsValid);
        }

        // Once: what is decided or comes in meanwhile is not put in doubt by a second call.
        Assert.Equal(status.QuarantinedAt, (await _a.Restores.QuarantineAsync(DateTimeOffset.UnixEpoch, Anna, CancellationToken.None)).QuarantinedAt);

        Assert.True(await _a.Restores.ReleaseAsync(falseAlarm: false, Anna, CancellationToken.None));
        var epoch = await _a.Nodes.RegisterAsync("again", CancellationToken.None);
        Assert.True(epoch.Epoch > 1_000_000);
        Assert.True((await _a.Queue.AdoptAsync(10, CancellationToken.None)).IsEmpty);
        Assert.True((await _a.Claims.ClaimAsync(Make.Entry(_a, Make.Id()), CancellationToken.None)).MayEmit);
        Assert.Equal(VerdictKind.Duplicate, (await _a.Claims.ClaimAsync(Make.Entry(_a, id, parts: 2), CancellationToken.None)).Kind);
        Assert.Equal(
            ["restore quarantine", "restore quarantine", "restore release"],
            (await _a.Modes.AuditAsync(null, 10, CancellationToken.None)).Select(line => line.Action).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_parked_segment_is_put_in_doubt_as_well_since_it_may_have_been_driven_again_and_sent()
    {
        var entry = Make.Entry(_a, Make.Id());
        await _a.Claims.ClaimAsync(entry, CancellationToken.None);
        var segment = Assert.Single(await _a.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        var attempt = Make.Attempt(segment);
        await _a.Attempts.AttemptAsync([attempt]);
        await _a.Outcomes.RecordAsync(Make.NotSent(attempt, new Requeue(segment.DueAt, CountsAsFailure: true)), CancellationToken.None);
        Assert.True(await _a.Queue.ParkAsync(segment.Key, "cannot be written", CancellationToken.None));
        await _a.Receipts.ParkRawAsync("carrier-a", [1], "no id", CancellationToken.None);

        Assert.Equal((1L, 0L, 1L), Counts(await _b.Restores.QuarantineAsync(null, Anna, CancellationToken.None)));
        Assert.Equal((1L, 0L, 1L), Counts(await _b.Restores.QuarantineAsync(null, Anna, CancellationToken.None)));

        var doubt = Assert.Single(await _a.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
        Assert.Equal((new AttemptKey(segment.Key, 2), "restore@a#0", "carrier-a"), (doubt.Key, doubt.Bind, doubt.Connector));
        Assert.Equal("receipt_unreadable", Assert.Single(await _a.Messages.ParkedAsync(10, CancellationToken.None)).Kind);

        // What was driven again after the point in time was attempt 2: its answer ends the doubt.
        Assert.Equal(OutcomeVerdict.Ended, await _a.Outcomes.RecordAsync(Make.Outcome(doubt.Key, carrierId: "x2"), CancellationToken.None));

        static (long, long, long) Counts(RestoreStatus status) => (status.Segments, status.Attempts, status.InDoubt);
    }

    [Fact]
    public async Task A_node_that_runs_and_sees_its_renewals_gone_stops_emitting_and_stops_the_others()
    {
        await _a.Nodes.RenewAsync(Nothing, CancellationToken.None);
        await _a.Nodes.RenewAsync(Nothing, CancellationToken.None);
        await _a.ExecuteAsync("UPDATE node SET counter = 1 WHERE name = 'a'");

        var seen = await Assert.ThrowsAsync<QuarantinedException>(() => _a.Nodes.RenewAsync(Nothing, CancellationToken.None));

        Assert.Contains("gone back in time", seen.Message, StringComparison.Ordinal);
        Assert.False(_a.Lease.IsValid);
        await Assert.ThrowsAsync<FencedException>(() => _b.Claims.ClaimAsync(Make.Entry(_b, Make.Id()), CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<QuarantinedException>(() => _b.Nodes.RegisterAsync("again", CancellationToken.None));
        var status = await _b.Restores.StatusAsync(CancellationToken.None);
        Assert.Equal(("a", null, true), (status!.OpenedBy, status.QuarantinedAt, status.IsOpen));
        Assert.Contains("renewal 2 was committed; the ledger has epoch 1, renewal 1", status.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 3, 7, 2)]
    [InlineData(7, 3, 6, 900)]
    [InlineData(7, 3, 0, 0)]
    public async Task A_process_that_remembers_more_than_the_ledger_shows_gets_no_epoch(long epoch, long counter, long shown, long shownCounter)
    {
        await _a.ExecuteAsync($"UPDATE node SET epoch = {shown}, counter = {shownCounter}, live = false WHERE name = 'a'");
        await using var next = LedgerUnderTest.Over(_a.ConnectionString, node: "a");
        next.Nodes.Remember(new NodeMark(_a.Node.Keys.Fingerprint(), epoch, counter));
        await Assert.ThrowsAsync<QuarantinedException>(() => next.Nodes.RegisterAsync("next", CancellationToken.None));
        Assert.True((await next.Restores.StatusAsync(CancellationToken.None))!.IsOpen);
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(7, 4)]
    [InlineData(8, 0)]
    public async Task As_much_as_it_remembers_or_more_is_no_restore(long shown, long shownCounter)
    {
        await _a.ExecuteAsync($"UPDATE node SET epoch = {shown}, counter = {shownCounter}, live = false WHERE name = 'a'");
        await using var next = LedgerUnderTest.Over(_a.ConnectionString, node: "a");
        next.Nodes.Remember(new NodeMark(_a.Node.Keys.Fingerprint(), 7, 3));
        Assert.Equal(shown + 1, (await next.Nodes.RegisterAsync("next", CancellationToken.None)).Epoch);
        Assert.Null(await next.Restores.StatusAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_was_seen_of_another_installation_says_nothing_of_this_one_and_its_keys_are_not_mixed()
    {
        await using var next = LedgerUnderTest.Over(_a.ConnectionString, node: "c");
        next.Nodes.Remember(new NodeMark(Guid.NewGuid(), 7, 3));
        Assert.Equal(1, (await next.Nodes.RegisterAsync("next", CancellationToken.None)).Epoch);

        await using var foreign = LedgerUnderTest.Over(_a.ConnectionString, node: "d");
        foreign.Node.EnterWithoutEpoch(1, new MessageKeys(new byte[32]));
        Assert.Contains("another installation", (await Assert.ThrowsAsync<SchemaMismatchException>(() => foreign.Nodes.RegisterAsync("next", CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspicion_is_released_only_as_a_false_alarm_and_a_quarantine_never_as_one()
    {
        Assert.False(await _a.Restores.ReleaseAsync(falseAlarm: true, Anna, CancellationToken.None));
        await _a.ExecuteAsync("SELECT restore_suspect('a', 'a test')");
        Assert.False(await _a.Restores.ReleaseAsync(falseAlarm: false, Anna, CancellationToken.None));
        Assert.True(await _a.Restores.ReleaseAsync(falseAlarm: true, Anna, CancellationToken.None));
        await _a.Nodes.RegisterAsync("again", CancellationToken.None);

        await _a.Restores.QuarantineAsync(DateTimeOffset.UnixEpoch, Anna, CancellationToken.None);
        Assert.False(await _a.Restores.ReleaseAsync(falseAlarm: true, Anna, CancellationToken.None));
        Assert.True(await _a.Restores.ReleaseAsync(falseAlarm: false, Anna, CancellationToken.None));
        Assert.Equal(2L, (await _a.Restores.StatusAsync(CancellationToken.None))!.Seq);
    }

    [Fact]
    public async Task An_answer_that_a_process_from_before_the_restore_still_brings_ends_the_doubt()
    {
        var entry = Make.Entry(_a, Make.Id());
        await _a.Claims.ClaimAsync(entry, CancellationToken.None);
        await _a.Restores.QuarantineAsync(null, Anna, CancellationToken.None);
        Assert.Equal(OutcomeVerdict.Ended, await _a.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: "x1"), CancellationToken.None));
        Assert.Equal(0L, (await _a.Restores.StatusAsync(CancellationToken.None))!.InDoubt);
    }

    [Fact]
    public async Task Deliveries_stay_owed_and_the_configuration_is_applied_again_under_a_number_that_nobody_has_seen()
    {
        await _a.Configuration.ApplyAsync("{}", "cafe", "a test", null, onlyIfEmpty: false, CancellationToken.None);
        var version = (await _a.Configuration.ApplyAsync("{\"x\": 1}", "beef", "a test", null, onlyIfEmpty: false, CancellationToken.None))!.Value;
        var sent = await Make.SubmittedAsync(_a, "r1");
        await _a.Receipts.RecordAsync(Make.Receipt("r1"), CancellationToken.None);

        Assert.Equal(1L, (await _a.Restores.QuarantineAsync(null, Anna, CancellationToken.None)).Owed);

        Assert.Equal(sent.Id, await _a.ScalarAsync<Guid>("SELECT entry_id FROM outbox"));
        var latest = (await _a.Configuration.LatestAsync(CancellationToken.None))!;
        Assert.Equal((version + 1001, "beef", "anna"), (latest.Version, latest.Hash, latest.AppliedBy));
    }

    [Fact]
    public async Task A_claim_in_commit_is_waited_for_and_put_in_doubt_as_well()
    {
        await using var connection = await _a.Connections.Cold.OpenConnectionAsync();
        await using var claim = await connection.BeginTransactionAsync();
        await using (var enter = new NpgsqlCommand(
            $"SELECT ledger_enter({_a.Node.Current.Node}::smallint, {_a.Node.Current.Epoch}); " +
            "INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector) " +
            $"VALUES (now(), now() + interval '1 day', 1, gen_random_uuid(), current_date, 1, 1, {_a.Node.Current.Node}, 0, 1, 0, 'carrier-a')",
            connection,
            claim))
        {
            await enter.ExecuteNonQueryAsync();
        }

        var quarantine = _b.Restores.QuarantineAsync(null, Anna, CancellationToken.None);
        while (await _a.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'node'::regclass") == 0)
        {
            Assert.False(quarantine.IsCompleted);
        }

        await claim.CommitAsync();
        Assert.Equal(1L, (await quarantine).Segments);
    }
}
