namespace SmsGateway.Ledger.Tests;

public sealed class BindSlotTests : IAsyncLifetime
{
    private const string Carrier = "carrier-a";
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
    public async Task Eight_that_take_at_once_get_each_place_once_and_no_more_than_there_are()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TakeAsync(i % 2 == 0 ? _a : _b, 5)));
        Assert.Equal([1, 2, 3, 4, 5], taken.OfType<int>().Order());
        var held = await _b.BindSlots.ListAsync(Carrier, CancellationToken.None);
        Assert.Equal([1, 2, 3, 4, 5], held.Select(h => h.Slot));
        Assert.Equal(
            taken.Select((slot, i) => (slot, Node: (i % 2 == 0 ? _a : _b).Node.Current.Node)).Where(t => t.slot is not null).Select(t => (t.slot!.Value, t.Node)).Order(),
            held.Order());
    }

    [Fact]
    public async Task Eight_that_take_and_release_all_the_time_never_hold_more_than_there_are()
    {
        var (held, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var ledger = i % 2 == 0 ? _a : _b;
            for (var round = 0; round < 20; round++)
            {
                if (await TakeAsync(ledger, 3) is { } slot)
                {
                    var now = Interlocked.Increment(ref held);
                    Assert.InRange(now, 1, 3);
                    InterlockedMax(ref most, now);
                    Interlocked.Decrement(ref held);
                    await ledger.BindSlots.ReleaseAsync(Carrier, slot, CancellationToken.None);
                }
            }
        }));
        Assert.True(most > 0);
        Assert.Empty(await _a.BindSlots.ListAsync(Carrier, CancellationToken.None));
    }

    [Fact]
    public async Task Each_connector_has_places_of_its_own_and_less_than_one_is_refused()
    {
        Assert.Equal(1, await TakeAsync(_a, 1));
        Assert.Null(await TakeAsync(_b, 1));
        Assert.Equal(1, await _b.BindSlots.TakeAsync("carrier-b", 1, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TakeAsync(_b, 0));
    }

    [Fact]
    public async Task Fewer_places_than_are_held_means_none_until_enough_were_given_back()
    {
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(i, await TakeAsync(_a, 4));
        }

        await _a.BindSlots.ReleaseAsync(Carrier, 1, CancellationToken.None);
        Assert.Null(await TakeAsync(_b, 2));
        await _a.BindSlots.ReleaseAsync(Carrier, 3, CancellationToken.None);
        await _a.BindSlots.ReleaseAsync(Carrier, 4, CancellationToken.None);
        Assert.Equal(1, await TakeAsync(_b, 2));
    }

    [Fact]
    public async Task Places_of_a_node_that_was_taken_over_or_left_are_free()
    {
        Assert.Equal([1, 2], [await TakeAsync(_a, 2), await TakeAsync(_a, 2)]);
        Assert.Null(await TakeAsync(_b, 2));
        await _a.TakenOverByAsync(_b);
        Assert.Empty(await _b.BindSlots.ListAsync(Carrier, CancellationToken.None));
        Assert.Equal([1, 2], [await TakeAsync(_b, 2), await TakeAsync(_b, 2)]);
        await _b.Nodes.LeaveAsync(CancellationToken.None);
        await _a.Nodes.RegisterAsync("back", CancellationToken.None);
        Assert.Equal(1, await TakeAsync(_a, 2));
    }

    [Fact]
    public async Task One_whose_epoch_is_gone_takes_none()
    {
        await _a.TakenOverByAsync(_b);
        Assert.Null(await TakeAsync(_a, 2));
    }

    [Fact]
    public async Task A_process_keeps_its_places_when_it_takes_its_next_epoch_and_gives_them_back_under_it()
    {
        Assert.Equal(1, await TakeAsync(_a, 1));
        await _a.Nodes.RegisterAsync("again", CancellationToken.None);
        Assert.Null(await TakeAsync(_b, 1));
        await _a.BindSlots.ReleaseAsync(Carrier, 1, CancellationToken.None);
        Assert.Equal(1, await TakeAsync(_b, 1));
    }

    [Fact]
    public async Task A_release_that_meets_the_next_epoch_of_its_process_before_it_knows_gives_back_all_the_same()
    {
        Assert.Equal(1, await TakeAsync(_a, 1));
        var before = _a.Node.Current;
        await _a.Nodes.RegisterAsync("again", CancellationToken.None);
        _a.Node.Enter(before, _a.Node.Keys);
        await _a.BindSlots.ReleaseAsync(Carrier, 1, CancellationToken.None);
        Assert.Equal(1, await TakeAsync(_b, 1));
    }

    [Fact]
    public async Task Another_process_of_the_name_starts_without_places_and_the_old_one_cannot_give_back_its_new_ones()
    {
        using var child = ChildProcess.Start();
        Assert.Equal(1, await TakeAsync(_a, 2));
        await _a.TakenOverByAsync(_b);
        await using var successor = await LedgerUnderTest.StartAsync(_a.ConnectionString, "a", process: child.Identity);
        Assert.Equal(0, await _b.ScalarAsync<long>("SELECT count(*) FROM bind_slot"));
        Assert.Equal(1, await TakeAsync(successor, 1));
        await _a.BindSlots.ReleaseAsync(Carrier, 1, CancellationToken.None);
        Assert.Null(await TakeAsync(_b, 1));
    }

    private static Task<int?> TakeAsync(LedgerUnderTest ledger, int maxBinds) => ledger.BindSlots.TakeAsync(Carrier, maxBinds, CancellationToken.None);

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
