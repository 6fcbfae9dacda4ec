using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class OutboxTests
{
    private static int _mos;

    [Fact]
    public async Task A_delivery_is_read_after_the_grace_and_leaves_with_its_acknowledgement()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await StartAsync(time);
        var delivery = await OweAsync(ledger);
        Assert.Empty(await ledger.Outbox.AccountsDueAsync(CancellationToken.None));
        Assert.Empty(await ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["demo"], await ledger.Outbox.AccountsDueAsync(CancellationToken.None));
        Assert.Equal(delivery.Id, Assert.Single(await ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None)).Id);
        var acks = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => ledger.Outbox.AcknowledgeAsync(new DeliveryAck(delivery.Id, 2, "demo@smsc1.dc3#1"), CancellationToken.None).AsTask()));
        Assert.Single(acks, a => a);
        Assert.Equal(0, await ledger.Outbox.DepthAsync(CancellationToken.None));
        var ended = Assert.Single((await ledger.Messages.FindAsync(delivery.MessageId, CancellationToken.None))!.Deliveries);
        Assert.Equal((delivery.Id, DeliveryEndKind.Acknowledged, (short)2, "demo@smsc1.dc3#1"), (ended.Id, ended.End!.Value, ended.Offers, ended.Target));
    }

    [Fact]
    public async Task A_retry_comes_back_when_it_is_due_with_its_offers()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await StartAsync(time);
        var delivery = await OweAsync(ledger);
        var retries = new[] { new DeliveryRetry(delivery.Id, time.GetUtcNow().AddMinutes(1), 3), new DeliveryRetry(Guid.NewGuid(), time.GetUtcNow(), 1) };
        Assert.Equal(1, await ledger.Outbox.RetryAsync(retries, CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(await ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3, Assert.Single(await ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None)).Offers);
    }

    [Fact]
    public async Task A_parked_delivery_is_listed_and_owed_no_longer()
    {
        await using var ledger = await StartAsync(TimeProvider.System);
        var delivery = await OweAsync(ledger);
        Assert.True(await ledger.Outbox.ParkAsync(delivery.Id, 4, "answered 0x65", CancellationToken.None));
        Assert.False(await ledger.Outbox.ParkAsync(delivery.Id, 4, "answered 0x65", CancellationToken.None));
        Assert.False(await ledger.Outbox.AcknowledgeAsync(new DeliveryAck(delivery.Id, 5, null), CancellationToken.None));
        var parked = Assert.Single(await ledger.Messages.ParkedAsync(10, CancellationToken.None));
        Assert.Equal((delivery.Id, "delivery", "answered 0x65", "demo"), (parked.Id, parked.Kind, parked.Reason, parked.Account));
        Assert.Equal(new OpenCounts(0, 0, 0, 0, 1), await ledger.Messages.CountsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_is_owed_for_longer_than_its_retention_is_parked()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await StartAsync(time);
        var old = await OweAsync(ledger);
        time.Advance(TimeSpan.FromHours(2));
        await ledger.Mos.RecordAsync(Mo(ledger, "acme") with { At = time.GetUtcNow() }, CancellationToken.None);
        Assert.Equal(1, await ledger.Outbox.ParkOlderAsync(time.GetUtcNow().AddHours(-1), "too old", 10, CancellationToken.None));
        var parked = Assert.Single(await ledger.Messages.ParkedAsync(10, CancellationToken.None));
        Assert.Equal((old.Id, "too old"), (parked.Id, parked.Reason));
        Assert.Equal(1, await ledger.Outbox.DepthAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_infinite_date_that_a_version_before_stored_is_read()
    {
        await using var ledger = await StartAsync(TimeProvider.System, o => o.PushGrace = TimeSpan.Zero);
        var owed = await OweAsync(ledger);
        await ledger.ExecuteAsync("UPDATE outbox SET done_at = '-infinity'");
        var read = Assert.Single(await ledger.Outbox.FetchAsync(owed.Account, 10, CancellationToken.None));
        Assert.Equal(DateTimeOffset.MinValue, read.DoneAt);
        await ledger.ExecuteAsync("UPDATE outbox SET done_at = 'infinity'");
        read = Assert.Single(await ledger.Outbox.FetchAsync(owed.Account, 10, CancellationToken.None));
        Assert.Equal(new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero), read.DoneAt);
    }

    [Fact]
    public async Task Each_account_that_is_due_is_named_once()
    {
        await using var ledger = await StartAsync(TimeProvider.System, o => o.PushGrace = TimeSpan.Zero);
        foreach (var account in new[] { "a", "b", "b", "c" })
        {
            await ledger.Mos.RecordAsync(Mo(ledger, account), CancellationToken.None);
        }

        await ledger.ExecuteAsync("UPDATE outbox SET due_at = '2099-01-01' WHERE account = 'c'");
        Assert.Equal(["a", "b"], await ledger.Outbox.AccountsDueAsync(CancellationToken.None));
        Assert.Equal(2, (await ledger.Outbox.FetchAsync("b", 10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_page_has_one_protocol_out_of_so_many_deliveries_and_the_next_one_goes_on_below()
    {
        await using var ledger = await StartAsync(TimeProvider.System, o => o.PushGrace = TimeSpan.Zero);
        for (var i = 0; i < 7; i++)
        {
            await ledger.Mos.RecordAsync(Mo(ledger, "demo") with { Protocol = i is 0 or 5 or 6 ? Protocol.Smpp : Protocol.Http }, CancellationToken.None);
        }

        var owed = (await ledger.Outbox.FetchAsync("demo", 10, CancellationToken.None)).OrderBy(delivery => delivery.CreatedAt).ToList();
        var first = TimeProvider.System.GetUtcNow().AddHours(-1);
        await ledger.Outbox.RetryAsync([.. owed.Select((delivery, i) => new DeliveryRetry(delivery.Id, i == 6 ? first.AddDays(1) : first.AddSeconds(i), 1))], CancellationToken.None);

        var newest = await PageAsync(null, 3);
        Assert.Equal([owed[5].Id], newest.Deliveries.Select(delivery => delivery.Id));
        var next = await PageAsync(newest.From - TimeSpan.FromMicroseconds(1), 2);
        Assert.Empty(next.Deliveries);
        var last = await PageAsync(next.From - TimeSpan.FromMicroseconds(1), 2);
        Assert.Equal([owed[0].Id], last.Deliveries.Select(delivery => delivery.Id));
        Assert.Null(last.From);

        Task<OutboxPage> PageAsync(DateTimeOffset? upTo, int looked) =>
            ledger.Outbox.FetchPageAsync("demo", Protocol.Smpp, upTo, looked, 10, CancellationToken.None);
    }

    [Fact]
    public async Task An_mo_is_owed_to_its_account_once_per_carrier_key_and_unroutable_without_an_account()
    {
        await using var ledger = await StartAsync(TimeProvider.System);
        var keyed = Mo(ledger, "demo") with { CarrierKey = "mo-1" };
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ledger.Mos.RecordAsync(keyed, CancellationToken.None).AsTask()));
        Assert.Equal((1, 3), (verdicts.Count(v => v == MoVerdict.Stored), verdicts.Count(v => v == MoVerdict.Duplicate)));
        Assert.Equal(MoVerdict.Duplicate, await ledger.Mos.RecordAsync(keyed, CancellationToken.None));
        Assert.Equal(MoVerdict.Stored, await ledger.Mos.RecordAsync(keyed with { Connector = "carrier-b" }, CancellationToken.None));
        Assert.Equal(MoVerdict.Stored, await ledger.Mos.RecordAsync(Mo(ledger, "demo"), CancellationToken.None));
        Assert.Equal(MoVerdict.Stored, await ledger.Mos.RecordAsync(Mo(ledger, "demo"), CancellationToken.None));
        Assert.Equal(MoVerdict.Unroutable, await ledger.Mos.RecordAsync(Mo(ledger, null), CancellationToken.None));
        Assert.Equal("mo_unroutable", Assert.Single(await ledger.Messages.ParkedAsync(10, CancellationToken.None)).Kind);
        Assert.Equal(4, ledger.Announced.Count);
        Assert.Equal(4, await ledger.Outbox.DepthAsync(CancellationToken.None));
        Assert.All(ledger.Announced, d => Assert.Equal((DeliveryKind.Mo, "447700900009", "12345", Protocol.Http), (d.Kind, d.Source, d.Destination, d.Protocol)));
        Assert.All(ledger.Announced, d => Assert.Equal([0, 1, 255], d.Body));
    }

    // None is the repeat of another.
    private static NewMo Mo(LedgerUnderTest ledger, string? account) =>
        Make.Mo(ledger.Core.Time.GetUtcNow(), account, Protocol.Http) with { DataCoding = (byte)Interlocked.Increment(ref _mos) };

    private static async Task<LedgerUnderTest> StartAsync(TimeProvider time, Action<LedgerOptions>? configure = null) =>
        await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time, configure: configure);

    private static async Task<Delivery> OweAsync(LedgerUnderTest ledger)
    {
        await Make.SubmittedAsync(ledger, "owed");
        await ledger.Receipts.RecordAsync(Make.Receipt("owed"), CancellationToken.None);
        return Assert.Single(ledger.Announced);
    }
}
