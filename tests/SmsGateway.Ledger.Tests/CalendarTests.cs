using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class CalendarTests
{
    [Fact]
    public async Task The_message_of_a_parked_segment_outlives_its_retention_and_the_segment_driven_again_expires_with_a_receipt()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        var entry = Make.Entry(ledger, Make.Id());
        await ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        Assert.True(await ledger.Queue.ParkAsync(Make.First(entry).Segment, "cannot be written", CancellationToken.None));
        time.Advance(TimeSpan.FromDays(9));
        Assert.Equal(2, (await ledger.Calendar.RunAsync(CancellationToken.None))!.RemnantsMoved);
        await ledger.Calendar.RunAsync(CancellationToken.None);

        var driven = await ledger.ParkedList.RedriveAsync(new ParkedChoice(), new AuditActor("anna", "operator", null), "all", CancellationToken.None);
        Assert.Equal(new ParkedDriven(1, 1, 0), driven);
        Assert.Equal(1, await ledger.Queue.ExpireAsync(10, CancellationToken.None));
        Assert.Equal(ReceiptState.Expired, Assert.Single(ledger.Announced).State);
    }

    [Fact]
    public async Task Partitions_are_made_ahead_and_dropped_whole_but_never_what_is_open()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        var waiting = Make.Entry(ledger, Make.Id(), parts: 2, validity: TimeSpan.FromDays(30));
        await ledger.Claims.ClaimAsync(waiting, CancellationToken.None);
        var open = Make.Entry(ledger, Make.Id(), first: new FirstAttempt("carrier-a", "b"), validity: TimeSpan.FromDays(30));
        await ledger.Claims.ClaimAsync(open, CancellationToken.None);
        var done = await Make.SubmittedAsync(ledger, "done");
        await ledger.Receipts.RecordAsync(Make.Receipt("done"), CancellationToken.None);
        await ledger.Outbox.AcknowledgeAsync(new DeliveryAck(Assert.Single(ledger.Announced).Id, 1, "x"), CancellationToken.None);

        await ledger.Calendar.RunAsync(CancellationToken.None); // midnight may have come since the migration
        var first = await ledger.Calendar.RunAsync(CancellationToken.None);
        Assert.Equal((0, 0, 0, false), (first!.Created.Count, first.Dropped.Count, first.RemnantsMoved, first.GenerationSwitched));
        time.Advance(TimeSpan.FromDays(9));
        var pass = await ledger.Calendar.RunAsync(CancellationToken.None);
        Assert.Equal(7 * 4, pass!.Created.Count);
        Assert.Contains(Partitions.NameOf("entry", done.Day), pass.Dropped);
        Assert.Equal(7 * 2, pass.Dropped.Count);
        Assert.Equal(4, pass.RemnantsMoved);
        Assert.Empty(pass.Busy);
        Assert.True(pass.GenerationSwitched);

        Assert.Null(await ledger.Messages.FindAsync(new MessageId(done.Id), CancellationToken.None));
        Assert.Equal(waiting.Payloads, (await ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None)).Select(s => s.Payload));
        Assert.Equal(MtState.Submitting, (await ledger.Messages.FindAsync(new MessageId(open.Id), CancellationToken.None))!.State);

        // Once it is no longer open, the next pass removes it.
        await ledger.Outcomes.RecordAsync(Make.Outcome(Make.First(open), carrierId: "o"), CancellationToken.None);
        await ledger.Calendar.RunAsync(CancellationToken.None);
        Assert.Null(await ledger.Messages.FindAsync(new MessageId(open.Id), CancellationToken.None));
        Assert.NotNull(await ledger.Messages.FindAsync(new MessageId(waiting.Id), CancellationToken.None));
        Assert.Empty((await ledger.Calendar.RunAsync(CancellationToken.None))!.Dropped);
    }

    [Fact]
    public async Task A_day_without_a_partition_goes_to_default_and_comes_along_when_its_partition_is_made()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        time.Advance(TimeSpan.FromDays(5));
        var early = Make.Entry(ledger, Make.Id());
        Assert.Equal(VerdictKind.Claimed, (await ledger.Claims.ClaimAsync(early, CancellationToken.None)).Kind);
        Assert.Equal(1, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_default"));
        await ledger.Calendar.RunAsync(CancellationToken.None);
        Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_default"));
        Assert.Equal(1, await ledger.ScalarAsync<long>($"SELECT count(*) FROM {Partitions.NameOf("entry_text", early.Day)} WHERE id = '{early.Id}'"));
    }

    [Fact]
    public async Task Partitions_come_and_go_under_load_without_a_lost_claim()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var ledger = await LedgerUnderTest.StartAsync(database);
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var keeper = await LedgerUnderTest.StartAsync(database, "keeper", time, o => o.Retention = TimeSpan.FromDays(300));
        using var stop = new CancellationTokenSource();
        var claiming = Task.Run(async () =>
        {
            var claimed = 0;
            while (!stop.IsCancellationRequested)
            {
                var verdicts = await Task.WhenAll(
                    Enumerable.Range(0, 50).Select(_ => ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None).AsTask()));
                claimed += verdicts.Count(v => v.Kind == VerdictKind.Claimed);
            }

            return claimed;
        });
        var created = 0;
        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromDays(4));
            var pass = await keeper.Calendar.RunAsync(CancellationToken.None);
            created += pass!.Created.Count + pass.Busy.Count;
        }

        await stop.CancelAsync();
        Assert.Equal(await claiming, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry"));
        Assert.Equal(4 * 4 * 7, created);
    }

    [Fact]
    public async Task Only_one_node_at_a_time_does_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        await using var other = await ledger.Connections.Cold.OpenConnectionAsync();
        await Partitions.ExecuteAsync(other, "SELECT pg_advisory_lock(7310003)", CancellationToken.None);
        Assert.Null(await ledger.Calendar.RunAsync(CancellationToken.None));
    }
}
