namespace SmsGateway.Ledger.Tests;

// Sending again what is in doubt: who may, when, and what the answer that comes after all finds.
public sealed class DoubtResendTests : IAsyncLifetime
{
    private DoubtBench _bench = null!;

    private LedgerUnderTest A => _bench.A;

    private LedgerUnderTest B => _bench.B;

    public async Task InitializeAsync() => _bench = await DoubtBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task What_is_sent_again_waits_under_its_next_number_and_is_marked()
    {
        var entry = await _bench.DoubtAsync();
        var doubt = Assert.Single(await DoubtBench.SeenByAsync(B));
        Assert.NotNull(doubt.GoneFor);
        Assert.Equal(1, await DoubtBench.ResendAsync(B, [doubt]));

        var segment = Assert.Single(await B.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        Assert.Equal((Make.First(entry).Segment, (short)2, (short)0, entry.ValidUntil), (segment.Key, segment.Attempt, segment.Failures, Whole(segment.ValidUntil, entry)));
        Assert.Equal(0, await B.ScalarAsync<long>("SELECT count(*) FROM attempt"));
        var trace = await _bench.TraceAsync(entry);
        Assert.True(trace.PossibleDuplicate);
        Assert.Equal((MtState.Accepted, AttemptEndKind.Resend), (trace.State, Assert.Single(trace.Attempts).End));
        var listed = Assert.Single(await B.Doubts.PossibleDuplicatesAsync(10, CancellationToken.None));
        Assert.Equal((entry.Id, (short)1, (short)1, "demo", entry.ClientMessageId, "policy"), (listed.Id.Value, listed.Segment, listed.Attempt, listed.Account, listed.ClientMessageId, listed.Why));
        Assert.Equal(0, await DoubtBench.ResendAsync(B, [doubt]));
    }

    [Fact]
    public async Task Nothing_is_sent_again_before_a_socket_can_have_drained_nor_after_its_validity()
    {
        await DoubtBench.OpenAsync(A, validity: TimeSpan.FromSeconds(30));
        await _bench.DoubtAsync();
        var doubts = await DoubtBench.SeenByAsync(B);
        Assert.Equal(2, doubts.Count);
        Assert.Equal(0, await DoubtBench.ResendAsync(B, doubts, TimeSpan.FromSeconds(30)));
        await B.ExecuteAsync("UPDATE node SET epoch_since = now() - interval '31 seconds'");
        Assert.Equal(1, await DoubtBench.ResendAsync(B, doubts, TimeSpan.FromSeconds(30)));
        Assert.True(Assert.Single(await DoubtBench.SeenByAsync(B)).ValidUntil < TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task How_long_an_epoch_is_gone_counts_from_its_last_end_and_not_from_a_renewal_or_another_nodes_start()
    {
        await _bench.DoubtAsync();
        await B.ExecuteAsync("UPDATE node SET epoch_since = now() - interval '1 hour'");
        await A.ExecuteAsync("UPDATE node SET counter = counter + 1, reach = '{}', renewed_at = now()");
        Assert.True(Assert.Single(await DoubtBench.SeenByAsync(B)).GoneFor > TimeSpan.FromMinutes(59));
        await A.Nodes.RegisterAsync("back", CancellationToken.None);
        Assert.True(Assert.Single(await DoubtBench.SeenByAsync(A)).GoneFor < TimeSpan.FromMinutes(59));
    }

    [Fact]
    public async Task A_live_node_judges_its_own_and_nobody_elses()
    {
        await DoubtBench.OpenAsync(A);
        Assert.Empty(await DoubtBench.SeenByAsync(B));
        Assert.Empty(await DoubtBench.SeenByAsync(A, "carrier-a@a#1"));
        var mine = Assert.Single(await DoubtBench.SeenByAsync(A));
        Assert.Null(mine.GoneFor);
        Assert.Equal(0, await DoubtBench.ResendAsync(B, [mine]));
        Assert.Equal(1, await DoubtBench.ResendAsync(A, [mine], TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Binds_of_an_earlier_process_had_the_same_names_and_are_not_taken_for_those_of_this_one()
    {
        await DoubtBench.OpenAsync(A);
        await using var again = await LedgerUnderTest.StartAsync(A.ConnectionString, "a");
        Assert.Single(await DoubtBench.SeenByAsync(again, "carrier-a@a#1"));
        await DoubtBench.OpenAsync(again);
        Assert.Single(await DoubtBench.SeenByAsync(again, "carrier-a@a#1"));

        // The same process in its next epoch: its bind may still bring the answer.
        await again.Nodes.RegisterAsync("next epoch", CancellationToken.None);
        Assert.Single(await DoubtBench.SeenByAsync(again, "carrier-a@a#1"));
        Assert.Equal(2, (await DoubtBench.SeenByAsync(again)).Count);
    }

    [Fact]
    public async Task Only_what_a_policy_names_is_seen_until_its_validity_ends()
    {
        await DoubtBench.OpenAsync(A, priority: Priority.Interactive);
        await DoubtBench.OpenAsync(A, priority: Priority.Interactive, validity: TimeSpan.FromSeconds(30));
        await DoubtBench.OpenAsync(A, connector: "carrier-b");
        await _bench.LeaveAsync();
        var seen = await B.Doubts.ToDecideAsync(new DoubtQuery(1, [], [("carrier-b", Priority.Bulk), ("carrier-a", Priority.BulkLow)], 10), CancellationToken.None);
        Assert.Equal(["carrier-a Interactive", "carrier-b Bulk"], seen.Select(d => $"{d.Connector} {d.Priority}").Order());
    }

    [Fact]
    public async Task Another_try_under_the_same_number_is_not_the_one_that_was_looked_at()
    {
        await _bench.DoubtAsync();
        var doubt = Assert.Single(await DoubtBench.SeenByAsync(B));
        Assert.Equal(0, await DoubtBench.ResendAsync(B, [doubt with { Bind = "carrier-a@a#2" }]));
        Assert.Equal(0, await DoubtBench.ResendAsync(B, [doubt with { At = doubt.At.AddMilliseconds(1) }]));
        Assert.Equal(1, await DoubtBench.ResendAsync(B, [doubt]));
    }

    [Fact]
    public async Task An_answer_after_it_was_sent_again_is_evidence_and_its_receipt_is_found()
    {
        var entry = await _bench.DoubtAsync();
        await DoubtBench.ResendAsync(B, await DoubtBench.SeenByAsync(B));
        var id = Make.Id("late");
        Assert.Equal(OutcomeVerdict.Evidence, await A.Outcomes.RecordAsync(DoubtBench.Answer(entry, id), CancellationToken.None));
        Assert.Equal(1, await B.ScalarAsync<long>("SELECT count(*) FROM queue"));
        await B.Receipts.RecordAsync(DoubtBench.Receipt(B, id), CancellationToken.None);
        await TestKit.Eventually.TrueAsync(() => DoubtBench.Announced(B, entry).Count == 1, "the receipt is owed");
        Assert.Equal(MtState.Delivered, (await _bench.TraceAsync(entry)).State);
        Assert.Single(await B.Doubts.PossibleDuplicatesAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_before_it_would_be_sent_again_ends_the_doubt()
    {
        var entry = await _bench.DoubtAsync();
        var doubts = await DoubtBench.SeenByAsync(B);
        Assert.Equal(OutcomeVerdict.Ended, await A.Outcomes.RecordAsync(DoubtBench.Answer(entry, Make.Id("first")), CancellationToken.None));
        Assert.Equal(0, await DoubtBench.ResendAsync(B, doubts));
        Assert.Equal(0, await B.ScalarAsync<long>("SELECT count(*) FROM queue"));
        Assert.False((await _bench.TraceAsync(entry)).PossibleDuplicate);
    }

    [Fact]
    public async Task An_answer_that_is_being_committed_is_not_waited_for_and_not_overtaken()
    {
        var entry = await _bench.DoubtAsync();
        var doubts = await DoubtBench.SeenByAsync(B);
        await using var held = await HeldTransaction.AtInsertAsync(A, "attempt_end", $"NEW.id = '{entry.Id}' AND NEW.kind = 1");
        var answering = A.Outcomes.RecordAsync(DoubtBench.Answer(entry, Make.Id("held")), CancellationToken.None).AsTask();
        await held.ReachedAsync();
        Assert.Equal(0, await DoubtBench.ResendAsync(B, doubts));
        await held.ReleaseAsync();
        Assert.Equal(OutcomeVerdict.Ended, await answering);
        Assert.Equal(0, await DoubtBench.ResendAsync(B, doubts));
        Assert.Equal(0, await B.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task An_answer_that_comes_while_it_is_being_sent_again_becomes_evidence()
    {
        var entry = await _bench.DoubtAsync();
        await using var held = await HeldTransaction.AtInsertAsync(B, "attempt_end", $"NEW.id = '{entry.Id}' AND NEW.kind = 4");
        var resending = DoubtBench.ResendAsync(B, await DoubtBench.SeenByAsync(B));
        await held.ReachedAsync();
        var answering = A.Outcomes.RecordAsync(DoubtBench.Answer(entry, Make.Id("held")), CancellationToken.None).AsTask();
        await TestKit.Eventually.TrueAsync(
            () => B.WaitsForRowAsync("a"),
            "the answer waits");
        await held.ReleaseAsync();
        Assert.Equal(1, await resending);
        Assert.Equal(OutcomeVerdict.Evidence, await answering);
        Assert.Equal(1, await B.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task Of_nodes_that_sweep_and_report_at_once_one_decides_each_and_no_segment_has_two_places()
    {
        var entries = new List<NewEntry>();
        for (var i = 0; i < 200; i++)
        {
            entries.Add(await DoubtBench.OpenAsync(A));
        }

        await _bench.LeaveAsync();
        await using var c = await LedgerUnderTest.StartAsync(A.ConnectionString, "c");
        var doubts = await DoubtBench.SeenByAsync(B);
        Assert.Equal(200, doubts.Count);
        var answers = Task.WhenAll(entries.Where((_, i) => i % 3 == 0).Select(e => A.Outcomes.RecordAsync(DoubtBench.Answer(e, Make.Id("x")), CancellationToken.None).AsTask()));
        var resent = await Task.WhenAll(doubts.Chunk(20).SelectMany(some => (Task<int>[])[DoubtBench.ResendAsync(B, some), DoubtBench.ResendAsync(c, some)]));
        var ended = (await answers).Count(v => v == OutcomeVerdict.Ended);
        var left = await DoubtBench.ResendAsync(B, doubts); // what both passed over because the other had it locked
        Assert.Equal(200, resent.Sum() + ended + left);
        Assert.Equal(resent.Sum() + left, await B.ScalarAsync<long>("SELECT count(*) FROM queue WHERE attempt = 2"));
        Assert.Equal(200, await B.ScalarAsync<long>("SELECT count(*) FROM attempt_end WHERE number = 1"));
        Assert.Equal(0, await B.ScalarAsync<long>("SELECT count(*) FROM attempt"));
        Assert.Equal(resent.Sum() + left, (await B.Doubts.PossibleDuplicatesAsync(1000, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_node_whose_epoch_is_gone_sends_nothing_again()
    {
        await _bench.DoubtAsync();
        var doubts = await DoubtBench.SeenByAsync(B);
        await using var c = await LedgerUnderTest.StartAsync(A.ConnectionString, "c");
        await B.TakenOverByAsync(c);
        await Assert.ThrowsAsync<FencedException>(() => DoubtBench.ResendAsync(B, doubts));
        Assert.Equal(1, await DoubtBench.ResendAsync(c, doubts));
    }

    [Fact]
    public async Task What_was_decided_is_forgotten_after_its_retention()
    {
        await _bench.DoubtAsync();
        await DoubtBench.ResendAsync(B, await DoubtBench.SeenByAsync(B));
        Assert.Equal(0, await B.Doubts.ForgetAsync(10, CancellationToken.None));
        await B.ExecuteAsync("UPDATE doubt_end SET at = at - interval '8 days'");
        Assert.Equal(1, await B.Doubts.ForgetAsync(10, CancellationToken.None));
        Assert.Empty(await B.Doubts.PossibleDuplicatesAsync(10, CancellationToken.None));
    }

    // PostgreSQL keeps microseconds.
    private static DateTimeOffset Whole(DateTimeOffset stored, NewEntry entry) => (stored - entry.ValidUntil).Duration() < TimeSpan.FromMicroseconds(1) ? entry.ValidUntil : stored;
}
