namespace SmsGateway.Ledger.Tests;

// What a node that is not live owned goes on at others; what a live one cannot emit it gives away.
public sealed class SweepTests : IAsyncLifetime
{
    private LedgerUnderTest _a = null!;
    private LedgerUnderTest _b = null!;
    private LedgerUnderTest _c = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        _a = await LedgerUnderTest.StartAsync(database, "a");
        _b = await LedgerUnderTest.StartAsync(database, "b");
        _c = await LedgerUnderTest.StartAsync(database, "c");
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _c.DisposeAsync();
    }

    [Fact]
    public async Task Two_nodes_that_sweep_at_once_get_every_row_exactly_once()
    {
        await ClaimAsync(_a, 300);
        var left = await _a.TakenOverByAsync(_b);
        var counts = await Task.WhenAll(SweepAsync(_b), SweepAsync(_c));
        Assert.Equal(300, counts.Sum());
        var (atB, atC) = (await FetchAsync(_b), await FetchAsync(_c));
        Assert.Equal((counts[0], counts[1]), (atB.Count, atC.Count));
        Assert.Equal(300, atB.Concat(atC).Select(s => s.Key).Distinct().Count());

        async Task<int> SweepAsync(LedgerUnderTest ledger)
        {
            var count = 0;
            while (true)
            {
                var adopted = await ledger.Queue.AdoptAsync(left, 7, CancellationToken.None);
                count += adopted.Segments;
                if (adopted.IsEmpty && await ledger.ScalarAsync<long>($"SELECT count(*) FROM queue WHERE owner = {left.Node}") == 0)
                {
                    return count;
                }
            }
        }
    }

    [Fact]
    public async Task A_row_that_a_transaction_of_the_old_epoch_commits_late_is_found_by_a_later_sweep()
    {
        var id = Make.Id("late");
        var entry = await Make.SubmittedAsync(_a, id);
        await using var held = await HeldTransaction.AtInsertAsync(_a, "outbox", $"NEW.entry_id = '{entry.Id}'");
        var receipt = _a.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None).AsTask();
        await held.ReachedAsync();

        // A fact needs no right to emit, so it does not keep the node from being taken over.
        var left = await _a.TakenOverByAsync(_b);
        Assert.True((await _b.Queue.AdoptAsync(left, 10, CancellationToken.None)).IsEmpty);
        await held.ReleaseAsync();
        Assert.Equal(ReceiptVerdict.Matched, await receipt);
        Assert.Equal(new Adopted(0, 1), await _b.Queue.AdoptAsync(left, 10, CancellationToken.None));
        await _b.ExecuteAsync("UPDATE outbox SET due_at = '2020-01-01'");
        Assert.Equal(entry.Id, Assert.Single(await _b.Outbox.FetchAsync("demo", 10, CancellationToken.None)).MessageId.Value);
    }

    [Fact]
    public async Task A_sweep_leaves_alone_what_the_node_owns_under_a_newer_epoch()
    {
        await ClaimAsync(_a, 2);
        var left = await _a.TakenOverByAsync(_b);
        await _a.Nodes.RegisterAsync("back", CancellationToken.None);
        await ClaimAsync(_a, 3);
        Assert.Equal(new Adopted(2, 0), await _b.Queue.AdoptAsync(left, 10, CancellationToken.None));
        Assert.Equal(3, (await FetchAsync(_a)).Count);
    }

    [Fact]
    public async Task One_that_was_itself_taken_over_sweeps_nothing()
    {
        await ClaimAsync(_a, 1);
        var left = await _a.TakenOverByAsync(_b);
        await _c.TakenOverByAsync(_b);
        await Assert.ThrowsAsync<FencedException>(() => _c.Queue.AdoptAsync(left, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_segment_that_was_handed_over_is_attempted_by_its_new_owner_only()
    {
        await ClaimAsync(_a, 3);
        var segments = await FetchAsync(_a);
        Assert.Equal(3, await _a.Queue.HandOverAsync([.. segments.Select(s => s.Key)], _b.Node.Current, CancellationToken.None));
        Assert.Equal(0, await _a.Queue.HandOverAsync([.. segments.Select(s => s.Key)], _c.Node.Current, CancellationToken.None));
        Assert.Empty(await FetchAsync(_a));
        Assert.Empty(await _a.Attempts.AttemptAsync([.. segments.Select(s => Make.Attempt(s))]));
        Assert.Equal(segments.Select(s => s.Key).ToHashSet(), (await FetchAsync(_b)).Select(s => s.Key).ToHashSet());
        Assert.Equal(3, (await _b.Attempts.AttemptAsync([.. segments.Select(s => Make.Attempt(s))])).Count);
    }

    [Fact]
    public async Task Only_ones_own_segments_are_handed_over_and_only_to_a_live_node_in_its_present_epoch()
    {
        await ClaimAsync(_a, 2);
        SegmentKey[] keys = [.. (await FetchAsync(_a)).Select(s => s.Key)];
        var b = _b.Node.Current;
        Assert.Equal(0, await _c.Queue.HandOverAsync(keys, b, CancellationToken.None));
        Assert.Equal(0, await _a.Queue.HandOverAsync(keys, b with { Epoch = b.Epoch - 1 }, CancellationToken.None));
        await _b.TakenOverByAsync(_c);
        Assert.Equal(0, await _a.Queue.HandOverAsync(keys, b, CancellationToken.None));
        Assert.Equal(0, await _a.Queue.HandOverAsync(keys, b with { Epoch = b.Epoch + 1 }, CancellationToken.None));
        await _b.Nodes.RegisterAsync("back", CancellationToken.None);
        Assert.Equal(2, await _a.Queue.HandOverAsync(keys, _b.Node.Current, CancellationToken.None));
        await _a.TakenOverByAsync(_c);
        await Assert.ThrowsAsync<FencedException>(() => _a.Queue.HandOverAsync(keys, _c.Node.Current, CancellationToken.None));
    }

    [Fact]
    public async Task A_segment_handed_to_a_node_that_dies_is_swept_up_with_the_rest()
    {
        await ClaimAsync(_a, 1);
        await _a.Queue.HandOverAsync([(await FetchAsync(_a))[0].Key], _b.Node.Current, CancellationToken.None);
        var left = await _b.TakenOverByAsync(_a);
        Assert.Equal(new Adopted(1, 0), await _a.Queue.AdoptAsync(left, 10, CancellationToken.None));
        Assert.Single(await FetchAsync(_a));
    }

    [Fact]
    public async Task A_delivery_goes_to_the_node_that_reaches_its_account_and_is_due_when_it_was_told()
    {
        var id = Make.Id("over");
        await Make.SubmittedAsync(_a, id);
        await _a.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None);
        Delivery delivery;
        lock (_a.Announced)
        {
            delivery = Assert.Single(_a.Announced);
        }

        var now = _a.Core.Time.GetUtcNow();
        var given = new DeliveryRetry(delivery.Id, now, 2);
        Assert.Empty(await _c.Outbox.HandOverAsync([given], _b.Node.Current, CancellationToken.None));
        Assert.Empty(await _a.Outbox.HandOverAsync([given], _b.Node.Current with { Epoch = 99 }, CancellationToken.None));
        Assert.Equal([delivery.Id], await _a.Outbox.HandOverAsync([given], _b.Node.Current, CancellationToken.None));
        Assert.Empty(await _a.Outbox.HandOverAsync([given], _c.Node.Current, CancellationToken.None));
        Assert.Equal(["demo"], await _b.Outbox.AccountsDueAsync(CancellationToken.None));
        var received = Assert.Single(await _b.Outbox.FetchAsync("demo", 10, CancellationToken.None));
        Assert.Equal((delivery.Id, (short)2), (received.Id, received.Offers));

        // Whoever gets the acknowledgement records it.
        Assert.True(await _a.Outbox.AcknowledgeAsync(new DeliveryAck(delivery.Id, 3, "late"), CancellationToken.None));
        Assert.Empty(await _b.Outbox.FetchAsync("demo", 10, CancellationToken.None));
    }

    private static Task<ClaimVerdict[]> ClaimAsync(LedgerUnderTest ledger, int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(_ => ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None).AsTask()));

    private static async Task<IReadOnlyList<QueuedSegment>> FetchAsync(LedgerUnderTest ledger) =>
    [
        .. await ledger.Queue.FetchMovedAsync("carrier-a", Priority.Bulk, 1000, CancellationToken.None),
        .. await ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 1000, 0, CancellationToken.None),
    ];
}
