namespace SmsGateway.Ledger.Tests;

public sealed class DerivedReceiptTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task Delivered_when_all_parts_are_and_not_earlier()
    {
        var (entry, ids) = await LongAsync(3);
        await RecordAsync(ids[0], ReceiptState.Delivered);
        await RecordAsync(ids[1], ReceiptState.Enroute);
        await RecordAsync(ids[1], ReceiptState.Delivered);
        Assert.Empty(Announced(entry));
        await RecordAsync(ids[2], ReceiptState.Delivered);
        var derived = Assert.Single(Announced(entry));
        Assert.Equal(((short)0, ReceiptState.Delivered, (short)0), (derived.Segment!.Value, derived.State!.Value, derived.ResultCode));
        Assert.Null(derived.Body);
        Assert.Equal(MtState.Delivered, (await _ledger.Messages.FindAsync(new MessageId(entry.Id), CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Failed_as_soon_as_one_part_finally_is_and_only_once()
    {
        var (entry, ids) = await LongAsync(3);
        await RecordAsync(ids[1], ReceiptState.Undeliverable);
        var derived = Assert.Single(Announced(entry));
        Assert.Equal((ReceiptState.Undeliverable, (short)1, "000"), (derived.State!.Value, derived.ResultCode, derived.Error));
        await RecordAsync(ids[0], ReceiptState.Delivered);
        await RecordAsync(ids[2], ReceiptState.Expired);
        Assert.Single(Announced(entry));
    }

    [Fact]
    public async Task Unknown_when_all_parts_are_settled_and_one_stays_unknown()
    {
        var (entry, ids) = await LongAsync(2);
        await RecordAsync(ids[0], ReceiptState.Unknown);
        Assert.Empty(Announced(entry));
        await RecordAsync(ids[1], ReceiptState.Delivered);
        Assert.Equal(ReceiptState.Unknown, Assert.Single(Announced(entry)).State);
    }

    [Theory]
    [InlineData(ReceiptState.Delivered)]
    [InlineData(ReceiptState.Undeliverable)]
    public async Task An_unknown_message_becomes_what_its_last_part_becomes_and_only_once(ReceiptState late)
    {
        var (entry, ids) = await LongAsync(2);
        await RecordAsync(ids[0], ReceiptState.Delivered);
        await RecordAsync(ids[1], ReceiptState.Unknown);
        await RecordAsync(ids[1], late);
        await RecordAsync(ids[1], ReceiptState.Unknown);
        await RecordAsync(ids[0], ReceiptState.Expired);
        Assert.Equal([ReceiptState.Unknown, late], Announced(entry).Select(d => d.State!.Value));
        Assert.Equal(late.ToString(), (await _ledger.Messages.FindAsync(new MessageId(entry.Id), CancellationToken.None))!.State.ToString());
    }

    [Fact]
    public async Task The_last_two_parts_at_once_from_two_nodes_make_one_receipt()
    {
        await using var other = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "smsc2.bos");
        var all = new List<(NewEntry Entry, string[] Ids)>();
        for (var i = 0; i < 40; i++)
        {
            all.Add(await LongAsync(2));
        }

        await Task.WhenAll(all.SelectMany(m => new[]
        {
            _ledger.Receipts.RecordAsync(Make.Receipt(m.Ids[0]), CancellationToken.None).AsTask(),
            other.Receipts.RecordAsync(Make.Receipt(m.Ids[1]), CancellationToken.None).AsTask(),
        }));
        foreach (var (entry, _) in all)
        {
            Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE entry_id = '{entry.Id}'"));
            Assert.Equal(1, Announced(entry).Count + other.Announced.Count(d => d.MessageId.Value == entry.Id));
        }
    }

    [Fact]
    public async Task A_final_refusal_of_one_part_fails_the_message()
    {
        var entry = Make.Entry(_ledger, Make.Id(), parts: 2, route: ["long-a"]);
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var parts = await _ledger.Queue.FetchAsync("long-a", Priority.Bulk, 10, 0, CancellationToken.None);
        await _ledger.Attempts.AttemptAsync([Make.Attempt(parts[0], connector: "long-a")]);
        await _ledger.Outcomes.RecordAsync(
            Make.Outcome(new AttemptKey(parts[0].Key, 1), AttemptEndKind.Refused, connector: "long-a", final: new FinalRefusal(ReceiptState.Rejected, 4, null)),
            CancellationToken.None);
        await TestKit.Eventually.TrueAsync(() => Announced(entry).Count == 1, "the derived receipt");
        Assert.Equal(((short)0, ReceiptState.Rejected, (short)4), (Announced(entry)[0].Segment!.Value, Announced(entry)[0].State!.Value, Announced(entry)[0].ResultCode));
    }

    [Fact]
    public async Task The_sweep_derives_what_a_crash_left_underived()
    {
        var (entry, ids) = await LongAsync(2);
        await RecordAsync(ids[0], ReceiptState.Delivered);

        // The second receipt was committed; the process died before it looked.
        await _ledger.ExecuteAsync($"""
            INSERT INTO receipt SELECT done_at, at, id, gen_random_uuid(), day, 2, 1, 2, 0, 1, NULL FROM receipt WHERE id = '{entry.Id}';
            INSERT INTO underived VALUES (now() - interval '2 s', '{entry.Id}', '{entry.Day:yyyy-MM-dd}')
            """);
        Assert.Equal(1, (await _ledger.Receipts.SweepAsync(CancellationToken.None)).Derived);
        Assert.Single(Announced(entry));
    }

    private async Task<(NewEntry Entry, string[] CarrierIds)> LongAsync(int parts)
    {
        var connector = Make.Id("long");
        var entry = Make.Entry(_ledger, Make.Id(), parts: parts, route: [connector]);
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var segments = await _ledger.Queue.FetchAsync(connector, Priority.Bulk, parts, 0, CancellationToken.None);
        Assert.Equal(parts, (await _ledger.Attempts.AttemptAsync([.. segments.Select(s => Make.Attempt(s, connector: connector))])).Count);
        var ids = segments.Select(_ => Make.Id("part")).ToArray();
        for (var i = 0; i < parts; i++)
        {
            await _ledger.Outcomes.RecordAsync(Make.Outcome(new AttemptKey(segments[i].Key, 1), carrierId: ids[i]), CancellationToken.None);
            await _ledger.ExecuteAsync($"UPDATE attempt_end SET connector = 'carrier-a' WHERE carrier_message_id = '{ids[i]}'");
        }

        return (entry, ids);
    }

    private Task<ReceiptVerdict> RecordAsync(string id, ReceiptState state) =>
        _ledger.Receipts.RecordAsync(Make.Receipt(id, state), CancellationToken.None).AsTask();

    private List<Delivery> Announced(NewEntry entry)
    {
        lock (_ledger.Announced)
        {
            return _ledger.Announced.FindAll(d => d.MessageId.Value == entry.Id);
        }
    }
}
