namespace SmsGateway.Ledger.Tests;

public sealed class ReceiptTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task A_receipt_finds_its_message_and_is_owed_with_everything_a_push_needs()
    {
        var id = Make.Id("r");
        var entry = await Make.SubmittedAsync(_ledger, id);
        var receipt = Make.Receipt(id);
        Assert.Equal(ReceiptVerdict.Matched, await RecordAsync(receipt));
        var pushed = Assert.Single(Announced(entry));
        Assert.Equal(receipt.Body, pushed.Body);
        Assert.Equal(
            (entry.ClientMessageId, "app", "demo", Protocol.Smpp, ReceiptState.Delivered, "447700900001", "12345", "carrier-a"),
            (pushed.ClientMessageId, pushed.AppId, pushed.Account, pushed.Protocol, pushed.State!.Value, pushed.Source, pushed.Destination, pushed.Connector));

        // What is announced is what the outbox holds.
        await _ledger.ExecuteAsync($"UPDATE outbox SET due_at = '2020-01-01' WHERE delivery_id = '{pushed.Id}'");
        var read = Assert.Single(await _ledger.Outbox.FetchAsync("demo", 1000, CancellationToken.None), d => d.Id == pushed.Id);
        Assert.Equal(Flat(pushed), Flat(read));
        Assert.Equal(pushed.Body, read.Body);

        static Delivery Flat(Delivery d) => d with { Body = null, DueAt = default, AcceptedAt = default };
    }

    [Fact]
    public async Task The_identical_receipt_again_is_a_duplicate_and_another_one_is_forwarded()
    {
        var id = Make.Id("dup");
        var entry = await Make.SubmittedAsync(_ledger, id);
        var enroute = Make.Receipt(id, ReceiptState.Enroute);
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RecordAsync(enroute)));
        Assert.Equal(1, all.Count(v => v == ReceiptVerdict.Matched));
        Assert.Equal(4, all.Count(v => v == ReceiptVerdict.Duplicate));
        Assert.Equal(ReceiptVerdict.Duplicate, await RecordAsync(enroute));
        Assert.Equal(ReceiptVerdict.Matched, await RecordAsync(Make.Receipt(id)));
        Assert.Equal(2, Announced(entry).Count);
    }

    [Theory]
    [InlineData(RegisteredReceipts.None, ReceiptState.Undeliverable, 0)]
    [InlineData(RegisteredReceipts.Failures, ReceiptState.Delivered, 0)]
    [InlineData(RegisteredReceipts.Failures, ReceiptState.Undeliverable, 1)]
    [InlineData(RegisteredReceipts.All, ReceiptState.Enroute, 1)]
    public async Task Only_what_was_asked_for_is_owed(RegisteredReceipts registered, ReceiptState state, int deliveries)
    {
        var id = Make.Id("reg");
        var entry = await Make.SubmittedAsync(_ledger, id, registered: registered);
        Assert.Equal(ReceiptVerdict.Matched, await RecordAsync(Make.Receipt(id, state)));
        Assert.Equal(deliveries, Announced(entry).Count);
        Assert.Equal(deliveries, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE entry_id = '{entry.Id}'"));
    }

    [Fact]
    public async Task A_receipt_before_its_outcome_is_parked_and_joined_when_the_outcome_comes()
    {
        var id = Make.Id("early");
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id)));
        var entry = await Make.SubmittedAsync(_ledger, id);
        await TestKit.Eventually.TrueAsync(() => Announced(entry).Count == 1, "the parked receipt is announced");
        Assert.Equal(0, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM parked_receipt WHERE carrier_message_id = '{id}'"));
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id, ReceiptState.Enroute)));
        Assert.Equal([ReceiptState.Delivered, ReceiptState.Enroute], Announced(entry).Select(d => d.State));
    }

    [Fact]
    public async Task A_thousand_receipts_before_their_outcomes_all_arrive_also_where_two_carriers_use_the_same_ids()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "early");
        var names = Enumerable.Range(0, 1000).Select(i => (Id: "e" + (i / 2), Connector: i % 2 == 0 ? "carrier-a" : "carrier-b")).ToList();
        var receipts = names.Select(n => ledger.Receipts.RecordAsync(Make.Receipt(n.Id, connector: n.Connector), CancellationToken.None).AsTask());
        var entries = names.Select(n => Make.SubmittedAsync(ledger, n.Id, connector: n.Connector));
        await Task.WhenAll(Task.WhenAll(receipts), Task.WhenAll(entries));
        await TestKit.Eventually.TrueAsync(
            async () =>
            {
                await ledger.Receipts.SweepAsync(CancellationToken.None);
                return ledger.Announced.Count >= 1000;
            },
            "all are announced");
        Assert.Equal(1000, ledger.Announced.Select(d => d.MessageId).Distinct().Count());
        Assert.Equal(500, ledger.Announced.Count(d => d.Connector == "carrier-b"));
    }

    [Fact]
    public async Task They_meet_when_the_outcome_commits_after_the_receipt_looked()
    {
        var id = Make.Id("meet");
        await using var held = await HoldAsync("attempt_end", id);
        var entry = Make.Entry(_ledger, Make.Id(), first: new FirstAttempt("carrier-a", "b"));
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var outcome = _ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: id), CancellationToken.None).AsTask();
        await held.ReachedAsync();
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id)));
        await held.ReleaseAsync();
        await outcome;
        await TestKit.Eventually.TrueAsync(() => Announced(entry).Count == 1, "the outcome found the parked receipt");
    }

    [Fact]
    public async Task They_meet_when_the_receipt_commits_after_the_outcome_looked()
    {
        var id = Make.Id("meet");
        await using var held = await HoldAsync("parked_receipt", id);
        var receipt = RecordAsync(Make.Receipt(id));
        await held.ReachedAsync();
        var entry = await Make.SubmittedAsync(_ledger, id);
        Assert.Empty(Announced(entry));
        await held.ReleaseAsync();
        Assert.Equal(ReceiptVerdict.Parked, await receipt);
        Assert.Single(Announced(entry));
    }

    [Fact]
    public async Task The_same_id_at_two_carriers_is_two_messages()
    {
        var id = Make.Id("same");
        var at = await Make.SubmittedAsync(_ledger, id, connector: "carrier-a");
        var elsewhere = await Make.SubmittedAsync(_ledger, id, connector: "carrier-b");
        await RecordAsync(Make.Receipt(id, connector: "carrier-b"));
        Assert.Empty(Announced(at));
        Assert.Single(Announced(elsewhere));
    }

    [Fact]
    public async Task Of_a_reused_id_the_last_digits_decide_and_then_the_newest()
    {
        var id = Make.Id("reused");
        var now = _ledger.Core.Time.GetUtcNow();
        var old = await Make.SubmittedAsync(_ledger, id, "447700900111", at: now.AddHours(-2));
        var newer = await Make.SubmittedAsync(_ledger, id, "447700900222", at: now.AddHours(-1));
        await RecordAsync(Make.Receipt(id, source: "07700900111"));
        Assert.Single(Announced(old));

        // Nobody's digits: after some seconds, in which its own outcome may still come.
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id, ReceiptState.Enroute, source: "447700900333") with { At = now.AddMinutes(1) }));
        Assert.Empty(Announced(newer));
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id, ReceiptState.Accepted, source: "447700900333") with { At = now.AddSeconds(-5) }));
        Assert.Equal(ReceiptState.Accepted, Assert.Single(Announced(newer)).State);
    }

    [Theory]
    [InlineData("447700900111")]
    [InlineData("447700900222")]
    public async Task A_receipt_that_comes_before_its_outcome_does_not_go_to_an_older_message_that_had_the_same_id(string destination)
    {
        var id = Make.Id("again");
        var older = await Make.SubmittedAsync(_ledger, id, "447700900111");
        await RecordAsync(Make.Receipt(id, source: "447700900111"));
        var entry = Make.Entry(_ledger, Make.Id(), destination: destination, first: new FirstAttempt("carrier-a", "b"));
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var early = Make.Receipt(id, source: destination) with { At = _ledger.Core.Time.GetUtcNow() };
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(early));
        Assert.Single(Announced(older));

        await _ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: id), CancellationToken.None);
        await TestKit.Eventually.TrueAsync(() => Announced(entry).Count == 1, "it is announced for the message that it belongs to");
        Assert.Single(Announced(older));
    }

    [Fact]
    public async Task While_a_node_plays_its_journal_a_receipt_waits_longer_for_its_own_outcome()
    {
        await using var other = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "plays");
        await other.Nodes.RenewAsync(new NodeReport(null, null, null, Held: 1), CancellationToken.None);
        var id = Make.Id("plays");
        var now = _ledger.Core.Time.GetUtcNow();
        var older = await Make.SubmittedAsync(_ledger, id, "447700900111", at: now.AddHours(-2));
        await RecordAsync(Make.Receipt(id, source: "447700900333") with { At = now.AddSeconds(-290) });
        Assert.Empty(Announced(older));
        await other.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None);
        await RecordAsync(Make.Receipt(id, ReceiptState.Enroute, source: "447700900333") with { At = now.AddSeconds(-5) });
        Assert.NotEmpty(Announced(older));
    }

    [Fact]
    public async Task Another_final_receipt_of_the_same_message_is_forwarded_when_no_other_message_got_its_id()
    {
        var id = Make.Id("final");
        var entry = await Make.SubmittedAsync(_ledger, id);
        var now = _ledger.Core.Time.GetUtcNow();
        await RecordAsync(Make.Receipt(id, ReceiptState.Undeliverable));
        await RecordAsync(Make.Receipt(id, ReceiptState.Delivered) with { At = now.AddSeconds(-5) });
        Assert.Equal([ReceiptState.Undeliverable, ReceiptState.Delivered], Announced(entry).Select(d => d.State));
    }

    [Fact]
    public async Task A_late_answer_kept_as_evidence_still_finds_its_receipt()
    {
        var id = Make.Id("evidence");
        var entry = Make.Entry(_ledger, Make.Id(), first: new FirstAttempt("carrier-a", "b"));
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        await _ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), AttemptEndKind.GivenUp), CancellationToken.None);
        Assert.Equal(ReceiptVerdict.Parked, await RecordAsync(Make.Receipt(id)));
        Assert.Equal(OutcomeVerdict.Evidence, await _ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: id), CancellationToken.None));
        await TestKit.Eventually.TrueAsync(() => Announced(entry).Count == 1, "the parked receipt is announced");
    }

    [Fact]
    public async Task What_nobody_claims_is_listed_as_parked_after_its_time()
    {
        var time = new TestKit.ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        await ledger.Receipts.RecordAsync(Make.Receipt("nobody") with { At = time.GetUtcNow() }, CancellationToken.None);
        Assert.Equal(new ReceiptSweep(0, 0, 0), await ledger.Receipts.SweepAsync(CancellationToken.None));
        time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(new ReceiptSweep(0, 0, 1), await ledger.Receipts.SweepAsync(CancellationToken.None));
        await ledger.Receipts.ParkRawAsync("carrier-a", [1, 2, 3], "no id in it", CancellationToken.None);
        Assert.Equal(["receipt_unmatched", "receipt_unreadable"], (await ledger.Messages.ParkedAsync(10, CancellationToken.None)).Select(p => p.Kind).Order());
    }

    private List<Delivery> Announced(NewEntry entry)
    {
        lock (_ledger.Announced)
        {
            return _ledger.Announced.FindAll(d => d.MessageId.Value == entry.Id);
        }
    }

    private Task<ReceiptVerdict> RecordAsync(CarrierReceipt receipt) => _ledger.Receipts.RecordAsync(receipt, CancellationToken.None).AsTask();

    private Task<HeldTransaction> HoldAsync(string table, string carrierId) =>
        HeldTransaction.AtInsertAsync(_ledger, table, $"NEW.carrier_message_id = '{carrierId}'");
}
