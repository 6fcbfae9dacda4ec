namespace SmsGateway.Ledger.Tests;

// A receipt that no attempt has the carrier id of ends the doubt that it can only belong to; where it can belong to two it waits.
public sealed class DoubtReceiptTests : IAsyncLifetime
{
    private DoubtBench _bench = null!;

    private LedgerUnderTest A => _bench.A;

    private LedgerUnderTest B => _bench.B;

    public async Task InitializeAsync() => _bench = await DoubtBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_receipt_ends_the_only_attempt_it_can_belong_to()
    {
        var entry = await _bench.DoubtAsync();
        await DoubtBench.OpenAsync(B, "447700900002");
        var id = await ParkedAsync();
        Assert.Equal(new DoubtNamed("carrier-a", WasOpen: true), Assert.Single(await NameAsync()));
        Assert.Single(DoubtBench.Announced(B, entry));
        Assert.Equal(0, await B.ScalarAsync<long>("SELECT count(*) FROM parked_receipt"));
        var trace = await _bench.TraceAsync(entry);
        Assert.Equal((MtState.Delivered, false), (trace.State, trace.PossibleDuplicate));
        Assert.Equal((AttemptEndKind.Answered, id), (trace.Attempts[0].End, trace.Attempts[0].CarrierMessageId));
        Assert.Empty(await DoubtBench.SeenByAsync(B, "carrier-a@b#1"));
    }

    [Fact]
    public async Task The_last_digits_decide_whose_handset_it_is()
    {
        var entry = await _bench.DoubtAsync("447700900123");
        await ParkedAsync("07700900123");
        Assert.Single(await NameAsync());
        Assert.Single(DoubtBench.Announced(B, entry));
    }

    [Fact]
    public async Task Two_doubts_of_one_handset_wait_until_one_is_left()
    {
        var first = await DoubtBench.OpenAsync(A);
        var second = await _bench.DoubtAsync();
        await ParkedAsync();
        Assert.Empty(await NameAsync());
        await A.Outcomes.RecordAsync(DoubtBench.Answer(first, Make.Id("other")), CancellationToken.None);
        Assert.Single(await NameAsync());
        Assert.Single(DoubtBench.Announced(B, second));
    }

    [Fact]
    public async Task An_attempt_that_waits_for_its_answer_at_another_node_may_be_the_one()
    {
        var entry = await _bench.DoubtAsync();
        var live = await DoubtBench.OpenAsync(B);
        await ParkedAsync();
        Assert.Empty(await NameAsync());
        await B.Outcomes.RecordAsync(DoubtBench.Answer(live, Make.Id("live")), CancellationToken.None);
        Assert.Single(await NameAsync());
        Assert.Single(DoubtBench.Announced(B, entry));
    }

    [Fact]
    public async Task An_attempt_that_is_not_in_doubt_is_left_to_its_answer()
    {
        await DoubtBench.OpenAsync(B);
        await B.ExecuteAsync("""UPDATE node SET reach = '{"accounts":[],"carriers":[],"binds":["carrier-a@b#1"]}'""");
        await ParkedAsync();
        Assert.Empty(await NameAsync());

        await B.ExecuteAsync("""UPDATE node SET reach = '{"accounts":[],"carriers":[],"binds":["carrier-a@b#2"]}'""");
        Assert.Single(await NameAsync());
    }

    [Fact]
    public async Task Of_two_carrier_ids_for_one_doubt_neither_is_guessed()
    {
        await _bench.DoubtAsync();
        await ParkedAsync();
        await ParkedAsync();
        Assert.Empty(await NameAsync());
    }

    [Fact]
    public async Task A_receipt_whose_own_attempt_has_its_id_by_now_is_left_to_that_one()
    {
        var doubt = await _bench.DoubtAsync();
        var own = await DoubtBench.OpenAsync(B);
        var id = await ParkedAsync();
        await B.ExecuteAsync($"ALTER TABLE parked_receipt RENAME TO hidden; CREATE TABLE parked_receipt (LIKE hidden INCLUDING ALL)"); // the look after its answer misses it
        await B.Outcomes.RecordAsync(DoubtBench.Answer(own, id), CancellationToken.None);
        await B.ExecuteAsync("DROP TABLE parked_receipt; ALTER TABLE hidden RENAME TO parked_receipt");
        Assert.Empty(await NameAsync());
        await B.Receipts.SweepAsync(CancellationToken.None);
        Assert.Single(DoubtBench.Announced(B, own));
        Assert.Equal(MtState.Submitting, (await _bench.TraceAsync(doubt)).State);
    }

    [Fact]
    public async Task Several_receipts_of_one_carrier_id_all_join()
    {
        var entry = await _bench.DoubtAsync();
        var id = await ParkedAsync();
        await ParkedAsync(id: id);
        Assert.Single(await NameAsync());
        Assert.Equal(2, DoubtBench.Announced(B, entry).Count);
    }

    [Theory]
    [InlineData(600)] // before it began
    [InlineData(-60)] // so lately that its attempt may be about to get its id
    public async Task A_receipt_of_another_time_is_none(int secondsAgo)
    {
        await _bench.DoubtAsync();
        await ParkedAsync(ago: TimeSpan.FromSeconds(secondsAgo));
        Assert.Empty(await NameAsync());
    }

    [Fact]
    public async Task A_receipt_of_another_connector_or_handset_is_none()
    {
        await _bench.DoubtAsync();
        await ParkedAsync(connector: "carrier-b");
        await ParkedAsync("447700900009");
        Assert.Empty(await NameAsync());
    }

    [Fact]
    public async Task The_parts_of_a_long_message_are_candidates_beside_each_other()
    {
        var entry = Make.Entry(A, Make.Id(), parts: 2, at: A.Core.Time.GetUtcNow().AddMinutes(-1));
        await A.Claims.ClaimAsync(entry, CancellationToken.None);
        var segments = await A.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None);
        await A.Attempts.AttemptAsync([.. segments.Select(s => Make.Attempt(s, "carrier-a@a#1"))]);
        await _bench.LeaveAsync();
        await ParkedAsync();
        Assert.Empty(await NameAsync());
    }

    [Fact]
    public async Task What_was_sent_again_is_still_a_candidate_and_gets_the_id_as_evidence_when_it_is_the_only_one()
    {
        var entry = await _bench.DoubtAsync();
        await DoubtBench.ResendAsync(B, await DoubtBench.SeenByAsync(B));
        var segment = Assert.Single(await B.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        var again = Make.Attempt(segment, "carrier-a@b#1");
        Assert.Single(await B.Attempts.AttemptAsync([again]));
        var id = await ParkedAsync();
        Assert.Empty(await NameAsync()); // of the first try, or of the second whose answer is on its way

        await B.Outcomes.RecordAsync(Make.Outcome(again.Key, carrierId: Make.Id("second"), at: again.At), CancellationToken.None);
        Assert.Equal(new DoubtNamed("carrier-a", WasOpen: false), Assert.Single(await NameAsync()));
        Assert.Contains((await _bench.TraceAsync(entry)).Attempts, a => a is { Number: 1, IsEvidence: true } && a.CarrierMessageId == id);
        Assert.Single(DoubtBench.Announced(B, entry));
        Assert.Empty(await NameAsync());
    }

    [Fact]
    public async Task A_doubt_that_was_sent_again_keeps_the_receipts_of_others_ambiguous()
    {
        await _bench.DoubtAsync();
        await DoubtBench.ResendAsync(B, await DoubtBench.SeenByAsync(B));
        await DoubtBench.OpenAsync(B);
        await using var c = await LedgerUnderTest.StartAsync(A.ConnectionString, "c");
        await B.TakenOverByAsync(c);
        await c.Receipts.RecordAsync(DoubtBench.Receipt(c, Make.Id("p")), CancellationToken.None);
        Assert.Empty(await c.Doubts.NameAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task A_later_answer_is_kept_and_its_id_finds_receipts_too()
    {
        var entry = await _bench.DoubtAsync();
        await ParkedAsync();
        Assert.Single(await NameAsync());
        var told = Make.Id("told");
        Assert.Equal(OutcomeVerdict.Evidence, await A.Outcomes.RecordAsync(DoubtBench.Answer(entry, told), CancellationToken.None));
        await B.Receipts.RecordAsync(DoubtBench.Receipt(B, told), CancellationToken.None);
        Assert.Equal(2, DoubtBench.Announced(B, entry).Count);
    }

    [Fact]
    public async Task An_answer_that_is_being_committed_is_not_overtaken_by_a_guess()
    {
        var entry = await _bench.DoubtAsync();
        await ParkedAsync();
        await using var held = await HeldTransaction.AtInsertAsync(A, "attempt_end", $"NEW.id = '{entry.Id}'");
        var told = Make.Id("told");
        var answering = A.Outcomes.RecordAsync(DoubtBench.Answer(entry, told), CancellationToken.None).AsTask();
        await held.ReachedAsync();
        Assert.Empty(await NameAsync());
        await held.ReleaseAsync();
        Assert.Equal(OutcomeVerdict.Ended, await answering);
        Assert.Empty(await NameAsync());
        Assert.Equal(told, Assert.Single((await _bench.TraceAsync(entry)).Attempts).CarrierMessageId);
    }

    [Fact]
    public async Task An_answer_that_comes_while_a_receipt_ends_the_doubt_becomes_evidence()
    {
        var entry = await _bench.DoubtAsync();
        await ParkedAsync();
        await using var held = await HeldTransaction.AtInsertAsync(B, "attempt_end", $"NEW.id = '{entry.Id}'");
        var naming = NameAsync();
        await held.ReachedAsync();
        var answering = A.Outcomes.RecordAsync(DoubtBench.Answer(entry, Make.Id("told")), CancellationToken.None).AsTask();
        await TestKit.Eventually.TrueAsync(
            () => B.WaitsForRowAsync("a"),
            "the answer waits");
        await held.ReleaseAsync();
        Assert.Single(await naming);
        Assert.Equal(OutcomeVerdict.Evidence, await answering);
        Assert.Single(DoubtBench.Announced(B, entry));
    }

    [Fact]
    public async Task Ten_thousand_receipts_and_a_thousand_doubts_of_one_handset_are_looked_at_once_each()
    {
        await B.ExecuteAsync("""
            INSERT INTO parked_receipt SELECT now() - interval '5 seconds', now() - interval '5 seconds', gen_random_uuid(), 2, 0, 0, 4, 'carrier-a', 'many' || i, '447700900001', '12345', NULL, ''
            FROM generate_series(1, 10000) i
            """);
        for (var i = 0; i < 100; i++)
        {
            await DoubtBench.OpenAsync(A);
        }

        await _bench.DoubtAsync();
        Assert.Empty(await NameAsync());
    }

    private async Task<string> ParkedAsync(string source = "447700900001", string connector = "carrier-a", TimeSpan? ago = null, string? id = null)
    {
        id ??= Make.Id("parked");
        Assert.Equal(ReceiptVerdict.Parked, await B.Receipts.RecordAsync(DoubtBench.Receipt(B, id, source, connector, ago), CancellationToken.None));
        return id;
    }

    private Task<IReadOnlyList<DoubtNamed>> NameAsync() => B.Doubts.NameAsync(10, CancellationToken.None);
}
