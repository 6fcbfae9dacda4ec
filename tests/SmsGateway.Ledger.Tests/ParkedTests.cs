namespace SmsGateway.Ledger.Tests;

// The parked list as an operator drives it again.
public sealed class ParkedTests : IAsyncLifetime
{
    private static readonly AuditActor Anna = new("anna", "operator", null);

    private LedgerUnderTest _ledger = null!;

    public async Task InitializeAsync() => _ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task A_parked_segment_goes_back_to_the_queue_under_its_next_number_with_its_failures_forgotten()
    {
        var segment = await ParkedSegmentAsync();
        Assert.Equal(new ParkedDriven(1, 1, 0), await RedriveAsync(new ParkedChoice { Kind = "segment" }));
        var again = Assert.Single(await _ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        Assert.Equal((segment.Key, (short)2, (short)0), (again.Key, again.Attempt, again.Failures));
        Assert.Empty(await _ledger.Messages.ParkedAsync(10, CancellationToken.None));
        Assert.Equal(new ParkedDriven(0, 0, 0), await RedriveAsync(new ParkedChoice()));
        Assert.Single(await _ledger.Attempts.AttemptAsync([Make.Attempt(again)]));
    }

    [Fact]
    public async Task A_parked_delivery_is_owed_again_whole_and_under_the_same_id()
    {
        var (entry, before) = await ParkedDeliveryAsync();
        Assert.Equal(new ParkedDriven(1, 0, 1), await RedriveAsync(new ParkedChoice { Account = "demo" }));
        var after = Assert.Single(await _ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None));
        Assert.Equal(before with { Body = null, CreatedAt = default, DueAt = default }, after with { Body = null, CreatedAt = default, DueAt = default });
        Assert.Equal(before.Body, after.Body);
        Assert.Equal(entry.Id, after.MessageId.Value);
        Assert.True(await _ledger.Outbox.AcknowledgeAsync(new DeliveryAck(after.Id, 2, "x", DeliveryEndKind.Acknowledged), CancellationToken.None));
        Assert.Equal(1, await _ledger.ScalarAsync<long>("SELECT count(*) FROM delivery_end"));
    }

    [Fact]
    public async Task A_choice_is_counted_by_kind_and_changes_nothing()
    {
        await ParkedSegmentAsync();
        await ParkedDeliveryAsync();
        await _ledger.Receipts.ParkRawAsync("carrier-a", [1], "no id", CancellationToken.None);
        var counts = await _ledger.ParkedList.CountAsync(new ParkedChoice(), CancellationToken.None);
        Assert.Equal([new("delivery", 1, 1), new("receipt_unreadable", 1, 0), new("segment", 1, 1)], counts.OrderBy(c => c.Kind, StringComparer.Ordinal));
        Assert.Equal(3, (await _ledger.Messages.ParkedAsync(10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task What_cannot_be_driven_again_stays_and_can_be_discarded_but_a_segment_cannot()
    {
        await ParkedSegmentAsync();
        await _ledger.Receipts.ParkRawAsync("carrier-a", [1], "no id", CancellationToken.None);
        await _ledger.Receipts.ParkRawAsync("carrier-b", [1], "no id", CancellationToken.None);
        Assert.Equal(new ParkedDriven(1, 0, 0), await RedriveAsync(new ParkedChoice { Kind = "receipt_unreadable", Connector = "carrier-b" }));
        var discarded = await _ledger.ParkedList.DiscardAsync(new ParkedChoice(), Anna, "all", CancellationToken.None);
        Assert.Equal((3, 2), (discarded.Chosen, discarded.Segments));
        var left = Assert.Single(await _ledger.Messages.ParkedAsync(10, CancellationToken.None));
        Assert.Equal(new ParkedDriven(1, 1, 0), await RedriveAsync(new ParkedChoice { Ids = [left.Id] }));
        Assert.Equal(
            ["parked redriven all: 1 parked -> 1 segments, 0 deliveries", "parked discarded all: 3 parked -> 2 discarded", "parked redriven all: 1 parked -> 0 segments, 0 deliveries"],
            (await _ledger.Modes.AuditAsync(null, 10, CancellationToken.None)).Select(a => $"{a.Action} {a.Target}: {a.Before} -> {a.After}"));
    }

    [Fact]
    public async Task A_segment_whose_message_is_gone_stays_on_the_list_and_can_be_discarded()
    {
        var segment = await ParkedSegmentAsync();
        await _ledger.ExecuteAsync($"DELETE FROM entry WHERE id = '{segment.Key.Id}'");
        Assert.Equal([new("segment", 1, 0)], await _ledger.ParkedList.CountAsync(new ParkedChoice(), CancellationToken.None));
        Assert.Equal(new ParkedDriven(1, 0, 0), await RedriveAsync(new ParkedChoice()));
        Assert.Single(await _ledger.Messages.ParkedAsync(10, CancellationToken.None));
        Assert.Equal(new ParkedDriven(1, 1, 0), await _ledger.ParkedList.DiscardAsync(new ParkedChoice(), Anna, "all", CancellationToken.None));
        Assert.Empty(await _ledger.Messages.ParkedAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task A_limit_and_an_age_bound_what_is_meant()
    {
        await ParkedSegmentAsync();
        await ParkedSegmentAsync();
        Assert.Equal(0, (await RedriveAsync(new ParkedChoice { OlderThan = TimeSpan.FromHours(1) })).Chosen);
        Assert.Equal(1, (await RedriveAsync(new ParkedChoice { Limit = 1 })).Segments);
    }

    private Task<ParkedDriven> RedriveAsync(ParkedChoice choice) => _ledger.ParkedList.RedriveAsync(choice, Anna, "all", CancellationToken.None);

    private async Task<QueuedSegment> ParkedSegmentAsync()
    {
        var entry = Make.Entry(_ledger, Make.Id());
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var segment = (await _ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None)).Single(s => s.Key.Id == entry.Id);
        var attempt = Make.Attempt(segment);
        await _ledger.Attempts.AttemptAsync([attempt]);
        await _ledger.Outcomes.RecordAsync(Make.NotSent(attempt, new Requeue(segment.DueAt, CountsAsFailure: true)), CancellationToken.None);
        Assert.True(await _ledger.Queue.ParkAsync(segment.Key, "cannot be written", CancellationToken.None));
        return segment;
    }

    private async Task<(NewEntry Entry, Delivery Delivery)> ParkedDeliveryAsync()
    {
        var id = Make.Id("d");
        var entry = await Make.SubmittedAsync(_ledger, id);
        await _ledger.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None);
        await _ledger.ExecuteAsync("UPDATE outbox SET due_at = now() - interval '1 second'");
        var delivery = Assert.Single(await _ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None));
        Assert.True(await _ledger.Outbox.ParkAsync(delivery.Id, 3, "refused", CancellationToken.None));
        return (entry, delivery);
    }
}
