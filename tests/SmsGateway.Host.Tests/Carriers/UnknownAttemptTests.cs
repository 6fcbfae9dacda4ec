using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// Attempts of which nobody knows whether they were committed, and what must not happen to those that were.
public sealed class UnknownAttemptTests
{
    [Fact]
    public async Task A_try_that_is_not_sent_does_not_end_another_try_of_the_same_number()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        var entry = (await bench.HandInAsync(1)).Single();
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 1, "it is on the wire");
        var at = (await bench.ColumnAsync<DateTime>("SELECT at FROM attempt")).Single();
        var bind = (await bench.ColumnAsync<string>("SELECT bind FROM attempt")).Single();
        var key = new AttemptKey(entry.ToQueued(1).Key, 1);
        var unknown = bench.Get<UnknownAttempts>();
        unknown.Add(new NewAttempt(key, CarrierBench.Carrier, "carrier-a@smsc1.dc3#99", at));
        unknown.Add(new NewAttempt(key, CarrierBench.Carrier, bind, new DateTimeOffset(at).AddMilliseconds(-1)));
        await unknown.SettleAsync(CancellationToken.None);
        Assert.Equal((1, 0, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("attempt_end"), await bench.CountAsync("queue")));
        Assert.Equal(2, unknown.Count);

        unknown.Add(new NewAttempt(key, CarrierBench.Carrier, bind, at));
        await unknown.SettleAsync(CancellationToken.None);
        Assert.Equal((0, 1, 1), (await bench.CountAsync("attempt"), await bench.CountAsync("attempt_end", "kind = 3"), await bench.CountAsync("queue", "attempt = 2")));
        Assert.Equal(2, unknown.Count);
    }

    [Fact]
    public async Task What_the_ledger_does_not_know_under_a_newer_epoch_is_settled_for_good()
    {
        await using var bench = await CarrierBench.StartAsync();
        var unknown = bench.Get<UnknownAttempts>();
        unknown.Add(new NewAttempt(new AttemptKey(bench.Entry().ToQueued(1).Key, 1), CarrierBench.Carrier, "carrier-a@smsc1.dc3#1", TimeProvider.System.GetUtcNow()));
        await unknown.SettleAsync(CancellationToken.None);
        Assert.Equal(1, unknown.Count);

        await bench.Get<NodeLedger>().RegisterAsync("test", CancellationToken.None);
        await unknown.SettleAsync(CancellationToken.None);
        Assert.Equal(0, unknown.Count);
    }

    [Fact]
    public async Task Segments_whose_commit_was_unknown_are_settled_and_sent_exactly_once()
    {
        await using var bench = await CarrierBench.StartAsync(("Ledger:AbandonAfter", "00:00:03"), ("Ledger:RetryFor", "00:00:00.100"));
        await bench.HandInAsync(30);
        var unknown = bench.Get<UnknownAttempts>();
        await using (await bench.LockedAsync("queue", forReadersToo: true))
        {
            await bench.ConfigureAsync(carrier => carrier with { Window = 20 });
            await Eventually.TrueAsync(() => unknown.Count > 0, "the ledger was silent for too long");
            Assert.Empty(bench.Smsc.Submits);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await unknown.SettleAsync(CancellationToken.None);
                    await bench.PumpAsync();
                }
                catch (LedgerUnavailableException)
                {
                    // So short a patience may run out once more on a busy machine; the next pass goes on, as in the product.
                }

                return await bench.CountAsync("attempt_end", "kind = 1") == 30;
            },
            "all 30 are answered");
        Assert.Equal(30, bench.Smsc.Submits.Select(submit => submit.Pdu.DestinationAddr).Distinct().Count());
        Assert.Equal((30, 0), (bench.Smsc.Submits.Count, await bench.CountAsync("queue")));
    }
}
