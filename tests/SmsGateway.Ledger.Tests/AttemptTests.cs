namespace SmsGateway.Ledger.Tests;

public sealed class AttemptTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task Only_queued_segments_of_this_epoch_become_attempts_and_each_once()
    {
        var segments = await QueuedAsync("attempt-a", 20);
        var attempts = segments.Select(s => Make.Attempt(s, connector: "attempt-a")).ToList();
        var unknown = attempts[0] with { Key = new AttemptKey(new SegmentKey(Guid.NewGuid(), segments[0].Key.Day, 1), 1) };
        var wrongNumber = attempts[1] with { Key = attempts[1].Key with { Number = 2 } };
        var granted = await Task.WhenAll(
            _ledger.Attempts.AttemptAsync([.. attempts, unknown, wrongNumber]), _ledger.Attempts.AttemptAsync(attempts), _ledger.Attempts.AttemptAsync(attempts));
        Assert.Equal(20, granted.Sum(g => g.Count));
        Assert.Equal(attempts.Select(a => a.Key).ToHashSet(), granted.SelectMany(g => g).ToHashSet());
        Assert.Empty(await _ledger.Queue.FetchAsync("attempt-a", Priority.Bulk, 100, 0, CancellationToken.None));
        Assert.Empty(await _ledger.Attempts.AttemptAsync([]));
    }

    [Fact]
    public async Task After_a_new_epoch_the_old_one_can_neither_claim_nor_attempt_nor_fetch()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var before = await LedgerUnderTest.StartAsync(database);
        await before.Claims.ClaimAsync(Make.Entry(before, Make.Id()), CancellationToken.None);
        var segment = Assert.Single(await before.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        await using var after = await LedgerUnderTest.StartAsync(database);
        Assert.Equal((before.Node.Current.Node, before.Node.Current.Epoch + 1), (after.Node.Current.Node, after.Node.Current.Epoch));
        await Assert.ThrowsAsync<FencedException>(() => before.Claims.ClaimAsync(Make.Entry(before, Make.Id()), CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<FencedException>(() => before.Attempts.AttemptAsync([Make.Attempt(segment)]));
        await Assert.ThrowsAsync<FencedException>(() => before.Queue.AdoptAsync(10, CancellationToken.None));

        // Not adopted yet: the new epoch does not have it either.
        Assert.Empty(await after.Attempts.AttemptAsync([Make.Attempt(segment)]));
        Assert.Empty(await after.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
        Assert.Equal(new Adopted(1, 0), await after.Queue.AdoptAsync(10, CancellationToken.None));
        Assert.Equal(segment.Key, Assert.Single(await after.Queue.FetchMovedAsync("carrier-a", Priority.Bulk, 10, CancellationToken.None)).Key);
        Assert.Single(await after.Attempts.AttemptAsync([Make.Attempt(segment)]));
    }

    [Fact]
    public async Task A_takeover_waits_for_the_claims_in_flight_and_fences_the_next()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var before = await LedgerUnderTest.StartAsync(database);
        using var stop = new CancellationTokenSource();
        var claimed = 0;
        var claiming = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => before.Claims.ClaimAsync(Make.Entry(before, Make.Id()), CancellationToken.None).AsTask()));
                Interlocked.Add(ref claimed, 20);
            }
        });
        await TestKit.Eventually.TrueAsync(() => Volatile.Read(ref claimed) > 100, "claims run");
        await using var after = await LedgerUnderTest.StartAsync(database);
        var count = await after.ScalarAsync<long>("SELECT count(*) FROM queue");
        await Assert.ThrowsAsync<FencedException>(() => claiming);
        await stop.CancelAsync();

        // What was there when the epoch was taken is all there ever is of the old one.
        Assert.Equal(count, await after.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task Parts_of_a_message_stay_with_the_connector_of_the_first_that_was_tried()
    {
        await _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id(), parts: 3, route: ["pin-a", "pin-b"]), CancellationToken.None);
        var parts = await _ledger.Queue.FetchAsync("pin-a", Priority.Bulk, 10, 0, CancellationToken.None);
        Assert.All(parts, p => Assert.Null(p.PinnedConnector));
        var attempt = Make.Attempt(parts[1], connector: "pin-b");
        await _ledger.Attempts.AttemptAsync([attempt]);
        Assert.All(await _ledger.Queue.FetchAsync("pin-a", Priority.Bulk, 10, 0, CancellationToken.None), p => Assert.Equal("pin-b", p.PinnedConnector));
        await _ledger.Outcomes.RecordAsync(Make.NotSent(attempt, new Requeue(parts[1].DueAt, false)), CancellationToken.None);
        var free = await _ledger.Queue.FetchAsync("pin-a", Priority.Bulk, 10, 0, CancellationToken.None);
        Assert.All(free, p => Assert.Null(p.PinnedConnector));
    }

    private async Task<IReadOnlyList<QueuedSegment>> QueuedAsync(string connector, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id(), route: [connector]), CancellationToken.None).AsTask()));
        return await _ledger.Queue.FetchAsync(connector, Priority.Bulk, count, 0, CancellationToken.None);
    }
}
