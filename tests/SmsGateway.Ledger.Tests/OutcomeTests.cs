namespace SmsGateway.Ledger.Tests;

public sealed class OutcomeTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task The_first_end_stands_and_a_later_answer_is_evidence()
    {
        var entry = await OpenAsync();
        var givenUp = Make.Outcome(Make.First(entry), AttemptEndKind.GivenUp);
        var late = Make.Outcome(Make.First(entry), carrierId: Make.Id("late"), at: givenUp.EndedAt.AddMinutes(1));
        Assert.Equal(OutcomeVerdict.Ended, await RecordAsync(givenUp));
        Assert.Equal(OutcomeVerdict.Evidence, await RecordAsync(late));
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(late));
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(givenUp));
        var trace = await _ledger.Messages.FindAsync(new MessageId(entry.Id), CancellationToken.None);
        Assert.Equal([(AttemptEndKind.GivenUp, false), (AttemptEndKind.Answered, true)], trace!.Attempts.Select(a => (a.End!.Value, a.IsEvidence)));
    }

    [Fact]
    public async Task The_same_outcome_again_changes_nothing()
    {
        var entry = await OpenAsync();
        var answered = Make.Outcome(Make.First(entry), carrierId: Make.Id("again"));
        Assert.Equal(OutcomeVerdict.Ended, await RecordAsync(answered));
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(answered));
        Assert.Equal(0, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM attempt_evidence WHERE id = '{entry.Id}'"));
    }

    [Fact]
    public async Task An_answer_for_which_no_attempt_is_open_is_recorded_all_the_same()
    {
        var entry = Make.Entry(_ledger, Make.Id());
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(Make.Outcome(Make.First(entry), AttemptEndKind.NotSent)));
        Assert.Equal(OutcomeVerdict.Ended, await RecordAsync(Make.Outcome(Make.First(entry), carrierId: "fact")));
    }

    [Fact]
    public async Task Not_sent_goes_back_to_the_queue_under_the_present_owner_with_the_next_number()
    {
        var entry = Make.Entry(_ledger, Make.Id(), parts: 2, route: ["back-a", "back-b"]);
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var segment = (await _ledger.Queue.FetchAsync("back-a", Priority.Bulk, 10, 0, CancellationToken.None))[0];
        var attempt = Make.Attempt(segment, connector: "back-a");
        await _ledger.Attempts.AttemptAsync([attempt]);

        // Another node owns it by now.
        await using var other = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "smsc2.bos");
        await _ledger.ExecuteAsync($"UPDATE attempt SET owner = {other.Node.Current.Node}, epoch = {other.Node.Current.Epoch} WHERE id = '{entry.Id}'");
        var dueAt = segment.DueAt.AddSeconds(-1);
        await RecordAsync(Make.NotSent(attempt, new Requeue(dueAt, true, "back-b")));
        Assert.DoesNotContain(await _ledger.Queue.FetchAsync("back-b", Priority.Bulk, 10, 0, CancellationToken.None), s => s.Key == segment.Key);
        var back = Assert.Single(await other.Queue.FetchAsync("back-b", Priority.Bulk, 10, 0, CancellationToken.None));
        Assert.Equal((segment.Key, (short)2, (short)1, (short)2), (back.Key, back.Attempt, back.Failures, back.Parts));
        Assert.True(back.Seq > segment.Seq);
    }

    [Fact]
    public async Task Not_sent_of_one_try_leaves_another_try_of_the_same_number_open()
    {
        var entry = Make.Entry(_ledger, Make.Id(), route: ["two-a"]);
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var attempt = Make.Attempt((await _ledger.Queue.FetchAsync("two-a", Priority.Bulk, 10, 0, CancellationToken.None))[0], connector: "two-a");
        await _ledger.Attempts.AttemptAsync([attempt]);
        var back = new Requeue(attempt.At, false);
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(Make.NotSent(attempt with { Bind = "two-a@smsc1.dc3#2" }, back)));
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(Make.NotSent(attempt with { At = attempt.At.AddMilliseconds(1) }, back)));
        Assert.Equal(OutcomeVerdict.Ended, await RecordAsync(Make.NotSent(attempt, back)));
    }

    [Fact]
    public async Task A_requeued_segment_waits_until_it_is_due()
    {
        var entry = await OpenAsync("later-a");
        await RecordAsync(Make.Outcome(
            Make.First(entry), AttemptEndKind.Refused, connector: "later-a", status: 0x58, requeue: new Requeue(_ledger.Core.Time.GetUtcNow().AddHours(1), false)));
        Assert.Empty(await _ledger.Queue.FetchAsync("later-a", Priority.Bulk, 10, 0, CancellationToken.None));
        Assert.Contains(("later-a", Priority.Bulk), await _ledger.Queue.ConnectorsWithWorkAsync(CancellationToken.None));
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM queue WHERE id = '{entry.Id}' AND attempt = 2 AND failures = 0"));
    }

    [Fact]
    public async Task A_final_refusal_makes_a_receipt_and_a_delivery_in_the_same_transaction()
    {
        var entry = await OpenAsync();
        var refused = Make.Outcome(
            Make.First(entry), AttemptEndKind.Refused, status: 0x0B, final: new FinalRefusal(ReceiptState.Rejected, 1, "011"), at: _ledger.Core.Time.GetUtcNow());
        Assert.Equal(OutcomeVerdict.Ended, await RecordAsync(refused));
        Assert.Equal(OutcomeVerdict.Unchanged, await RecordAsync(refused));
        var delivery = Assert.Single(_ledger.Announced, d => d.MessageId.Value == entry.Id);
        Assert.Equal(
            (ReceiptState.Rejected, (short)1, "011", "447700900001", "12345", entry.ClientMessageId, "app"),
            (delivery.State!.Value, delivery.ResultCode, delivery.Error, delivery.Source, delivery.Destination, delivery.ClientMessageId, delivery.AppId));
        Assert.Null(delivery.Body);
        Assert.Null(delivery.Connector);
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM receipt WHERE id = '{entry.Id}' AND origin = 2"));
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE delivery_id = '{delivery.Id}'"));
    }

    [Theory]
    [InlineData(RegisteredReceipts.None, ReceiptState.Rejected, 0)]
    [InlineData(RegisteredReceipts.Failures, ReceiptState.Rejected, 1)]
    [InlineData(RegisteredReceipts.Failures, ReceiptState.Unknown, 0)]
    [InlineData(RegisteredReceipts.All, ReceiptState.Unknown, 1)]
    public async Task A_final_refusal_is_told_only_where_it_was_asked_for(RegisteredReceipts registered, ReceiptState state, int deliveries)
    {
        var entry = await OpenAsync(registered: registered);
        await RecordAsync(Make.Outcome(Make.First(entry), AttemptEndKind.Refused, final: new FinalRefusal(state, 1, null)));
        Assert.Equal(deliveries, _ledger.Announced.Count(d => d.MessageId.Value == entry.Id));
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM receipt WHERE id = '{entry.Id}'"));
    }

    [Fact]
    public async Task A_refusal_that_comes_after_the_end_makes_no_receipt()
    {
        var entry = await OpenAsync();
        await RecordAsync(Make.Outcome(Make.First(entry), carrierId: Make.Id("x")));
        var late = Make.Outcome(
            Make.First(entry), AttemptEndKind.Refused, final: new FinalRefusal(ReceiptState.Rejected, 1, null), at: _ledger.Core.Time.GetUtcNow());
        Assert.Equal(OutcomeVerdict.Evidence, await RecordAsync(late));
        Assert.Equal(0, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM receipt WHERE id = '{entry.Id}'"));
    }

    [Fact]
    public async Task A_thousand_outcomes_at_once_are_all_recorded_and_called_back()
    {
        var entries = Enumerable.Range(0, 1000).Select(_ => Make.Entry(_ledger, Make.Id(), first: new FirstAttempt("carrier-a", "b"))).ToList();
        await Task.WhenAll(entries.Select(e => _ledger.Claims.ClaimAsync(e, CancellationToken.None).AsTask()));
        var told = new CountdownEvent(1000);
        foreach (var entry in entries)
        {
            await _ledger.Outcomes.EnqueueAsync(
                Make.Outcome(Make.First(entry), carrierId: Make.Id("bulk")),
                (_, verdict, failure) =>
                {
                    if (failure is null && verdict == OutcomeVerdict.Ended)
                    {
                        told.Signal();
                    }
                },
                CancellationToken.None);
        }

        await TestKit.Eventually.TrueAsync(() => told.IsSet, "all outcomes were told");
        Assert.Equal(1000, await _ledger.ScalarAsync<long>("SELECT count(*) FROM attempt_end WHERE carrier_message_id LIKE 'bulk%' AND bind = 'b'"));
    }

    private async Task<NewEntry> OpenAsync(string connector = "carrier-a", RegisteredReceipts registered = RegisteredReceipts.All)
    {
        var entry = Make.Entry(_ledger, Make.Id(), registered: registered, first: new FirstAttempt(connector, connector + "@smsc1.dc3#1"));
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        return entry;
    }

    private Task<OutcomeVerdict> RecordAsync(AttemptOutcome outcome) => _ledger.Outcomes.RecordAsync(outcome, CancellationToken.None).AsTask();
}
