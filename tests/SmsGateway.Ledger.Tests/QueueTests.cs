using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class QueueTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task A_lane_is_read_in_order_of_arrival_from_where_the_reader_is()
    {
        for (var i = 0; i < 10; i++)
        {
            await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, "order" + i, route: ["order-a"]), CancellationToken.None);
        }

        var first = await FetchAsync("order-a", 4, 0);
        var rest = await FetchAsync("order-a", 100, first[^1].Seq);
        var expected = Enumerable.Range(0, 10).Select(i => _ledger.Node.Keys.ForClientMessageId("demo", "order" + i));
        Assert.Equal(expected, first.Concat(rest).Select(s => s.Key.Id));
    }

    [Fact]
    public async Task Lanes_with_work_and_their_depth_are_listed()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "lanes");
        await ClaimAsync(ledger, "lane-b", Priority.Interactive, 2);
        await ClaimAsync(ledger, "lane-a", Priority.Bulk, 3);
        await ClaimAsync(ledger, "lane-a", Priority.Interactive, 1);
        Assert.Equal(
            [("lane-a", Priority.Bulk), ("lane-a", Priority.Interactive), ("lane-b", Priority.Interactive)],
            await ledger.Queue.ConnectorsWithWorkAsync(CancellationToken.None));
        Assert.Equal(
            [new QueueDepth("lane-a", Priority.Bulk, 3), new QueueDepth("lane-a", Priority.Interactive, 1), new QueueDepth("lane-b", Priority.Interactive, 2)],
            (await ledger.Queue.DepthAsync(CancellationToken.None)).OrderBy(d => d.Connector, StringComparer.Ordinal).ThenBy(d => d.Priority));
    }

    [Fact]
    public async Task What_is_past_its_validity_expires_with_a_receipt()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        var shortLived = Make.Entry(ledger, Make.Id(), validity: TimeSpan.FromMinutes(5));
        var silent = Make.Entry(ledger, Make.Id(), validity: TimeSpan.FromMinutes(5), registered: RegisteredReceipts.None);
        var parted = Make.Entry(ledger, Make.Id(), parts: 2, validity: TimeSpan.FromMinutes(5));
        var longLived = Make.Entry(ledger, Make.Id());
        foreach (var entry in new[] { shortLived, silent, parted, longLived })
        {
            await ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        }

        Assert.Equal(0, await ledger.Queue.ExpireAsync(100, CancellationToken.None));
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(4, await ledger.Queue.ExpireAsync(100, CancellationToken.None));
        Assert.Equal(0, await ledger.Queue.ExpireAsync(100, CancellationToken.None));
        Assert.Equal(
            new[] { (shortLived.Id, (short)1), (parted.Id, (short)0) }.Order(), ledger.Announced.Select(d => (d.MessageId.Value, d.Segment!.Value)).Order());
        Assert.All(ledger.Announced, d => Assert.Equal(ReceiptState.Expired, d.State));
        Assert.Equal(MtState.Expired, (await ledger.Messages.FindAsync(new MessageId(silent.Id), CancellationToken.None))!.State);
        Assert.Equal(longLived.Id, Assert.Single(await ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None)).Key.Id);
    }

    [Fact]
    public async Task A_parked_segment_leaves_the_queue_and_is_listed_with_its_reason()
    {
        var entry = Make.Entry(_ledger, Make.Id(), route: ["park-a"]);
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var segment = Assert.Single(await FetchAsync("park-a", 10, 0));
        Assert.True(await _ledger.Queue.ParkAsync(segment.Key, "three times not sent", CancellationToken.None));
        Assert.False(await _ledger.Queue.ParkAsync(segment.Key, "again", CancellationToken.None));
        Assert.Empty(await FetchAsync("park-a", 10, 0));
        var parked = Assert.Single(await _ledger.Messages.ParkedAsync(10, CancellationToken.None), p => p.EntryId == new MessageId(entry.Id));
        Assert.Equal(("segment", "three times not sent", "demo", "park-a"), (parked.Kind, parked.Reason, parked.Account, parked.Connector));
        Assert.Equal(MtState.Parked, (await _ledger.Messages.FindAsync(new MessageId(entry.Id), CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Adoption_goes_on_in_batches_until_nothing_is_left()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var before = await LedgerUnderTest.StartAsync(database);
        await ClaimAsync(before, "carrier-a", Priority.Bulk, 25);
        var entry = await Make.SubmittedAsync(before, "adopt");
        await before.Receipts.RecordAsync(Make.Receipt("adopt"), CancellationToken.None);
        await using var after = await LedgerUnderTest.StartAsync(database);
        Assert.Equal(new Adopted(10, 1), await after.Queue.AdoptAsync(10, CancellationToken.None));
        Assert.Equal(new Adopted(10, 0), await after.Queue.AdoptAsync(10, CancellationToken.None));
        Assert.Equal(new Adopted(5, 0), await after.Queue.AdoptAsync(10, CancellationToken.None));
        Assert.True((await after.Queue.AdoptAsync(10, CancellationToken.None)).IsEmpty);
        Assert.Equal(25, (await after.Queue.FetchMovedAsync("carrier-a", Priority.Bulk, 100, CancellationToken.None)).Count);
        await after.ExecuteAsync("UPDATE outbox SET due_at = '2020-01-01'");
        Assert.Equal(entry.Id, Assert.Single(await after.Outbox.FetchAsync("demo", 10, CancellationToken.None)).MessageId.Value);
    }

    [Fact]
    public async Task Open_attempts_of_an_epoch_that_is_gone_are_doubts()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var before = await LedgerUnderTest.StartAsync(database);
        var entry = Make.Entry(before, Make.Id(), first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1"));
        await before.Claims.ClaimAsync(entry, CancellationToken.None);
        Assert.Empty(await before.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
        await using var after = await LedgerUnderTest.StartAsync(database);
        var own = Make.Entry(after, Make.Id(), first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#2"));
        await after.Claims.ClaimAsync(own, CancellationToken.None);
        var doubt = Assert.Single(await after.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
        Assert.Equal((Make.First(entry), "demo", "smsc1.dc3", true, "carrier-a@smsc1.dc3#1"), (doubt.Key, doubt.Account, doubt.NodeName, doubt.EpochIsGone, doubt.Bind));
        Assert.Equal([true, false], (await after.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: false, CancellationToken.None)).Select(o => o.EpochIsGone));

        // Evidence ends it, whoever brings it.
        await after.Outcomes.RecordAsync(Make.Outcome(Make.First(entry), carrierId: "found"), CancellationToken.None);
        Assert.Empty(await after.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
    }

    private static Task<ClaimVerdict[]> ClaimAsync(LedgerUnderTest ledger, string connector, Priority priority, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(
        _ => ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id(), route: [connector], priority: priority), CancellationToken.None).AsTask()));

    private Task<IReadOnlyList<QueuedSegment>> FetchAsync(string connector, int limit, long after) =>
        _ledger.Queue.FetchAsync(connector, Priority.Bulk, limit, after, CancellationToken.None);
}
