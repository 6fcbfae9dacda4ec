using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// A node whose lease has run out, and one that woke up with a new one: nothing of the old epoch reaches a socket.
public sealed class LeaseTests
{
    [Fact]
    public async Task Without_a_valid_lease_nothing_is_taken_from_the_lanes_and_no_slot_is_given()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        LoseLease(bench);
        await bench.HandInAsync(5);
        Assert.Null(bench.Link.TryReserve!());
        Assert.Equal(5, bench.Link.Lanes.Count);
        Assert.Empty(bench.Smsc.Submits);
        await NewEpochAsync(bench);
        await Eventually.TrueAsync(() => bench.Link.Lanes.Count == 0 && bench.Memory.Count == 0, "rows of the old epoch are dropped from memory");
        Assert.Empty(bench.Smsc.Submits);
        Assert.Equal(5, (await bench.Queue.AdoptAsync(100, CancellationToken.None)).Segments);
        await bench.PumpAsync();
        await bench.CountedAsync(5, "attempt_end", "kind = 1");
        Assert.Equal(5, bench.Smsc.Submits.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_claimed_in_the_fast_path_is_not_sent_when_its_epoch_is_over(bool hasNewEpoch)
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Window = 1 });
        var slot = bench.Link.TryReserve!()!;
        var entry = bench.Entry() with { FirstAttempt = new FirstAttempt(CarrierBench.Carrier, slot.Bind) };
        Assert.True((await bench.Claims.ClaimAsync(entry, CancellationToken.None)).MayEmit);
        LoseLease(bench);
        if (hasNewEpoch)
        {
            await NewEpochAsync(bench);
        }

        slot.Send(entry.ToQueued(1), entry.AcceptedAt);
        await bench.CountedAsync(1, "attempt_end", "kind = 3");
        Assert.Equal((0, 1), (await bench.CountAsync("attempt"), await bench.CountAsync("queue", "attempt = 2 AND failures = 0")));
        Assert.Empty(bench.Smsc.Submits);
        if (hasNewEpoch)
        {
            Assert.NotNull(bench.Link.TryReserve!());
        }
    }

    [Fact]
    public async Task Attempts_whose_commit_outlasted_the_lease_are_not_sent()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        NewEntry[] entries = [bench.Entry(), bench.Entry(), bench.Entry()];
        foreach (var entry in entries)
        {
            Assert.True((await bench.Claims.ClaimAsync(entry, CancellationToken.None)).MayEmit);
        }

        await using (await bench.LockedAsync("attempt"))
        {
            foreach (var entry in entries)
            {
                bench.Enqueue(entry.ToQueued(1));
            }

            await Eventually.TrueAsync(() => bench.Link.Lanes.Count == 0, "three are in their commit");
            LoseLease(bench);
        }

        await bench.CountedAsync(3, "attempt_end", "kind = 3");
        Assert.Equal((0, 3), (await bench.CountAsync("attempt"), await bench.CountAsync("queue", "attempt = 2")));
        Assert.Empty(bench.Smsc.Submits);
    }

    [Fact]
    public async Task A_bind_outlives_the_lease_its_answers_are_recorded_and_it_sends_under_the_next_epoch()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(2);
        await Eventually.TrueAsync(() => bench.Smsc.Unanswered.Count == 2, "two submits arrived");
        LoseLease(bench);
        bench.Smsc.AnswerAll();
        await bench.CountedAsync(2, "attempt_end", "kind = 1");
        await NewEpochAsync(bench);
        await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 3, "the third was sent");
        Assert.Single(bench.Smsc.BindRequests);
        bench.Smsc.AnswerAll();
        await bench.CountedAsync(3, "attempt_end", "kind = 1");
    }

    [Fact]
    public async Task A_batch_that_is_fenced_is_dropped_from_memory_and_the_connector_goes_on_under_the_next_epoch()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.HandInAsync(4);
        await bench.ExecuteAsync("UPDATE node SET epoch = epoch + 1");
        await bench.ConfigureAsync(carrier => carrier with { Window = 4 });
        await Eventually.TrueAsync(() => bench.Memory.Count == 0, "the batch is dropped");
        Assert.Equal(1, bench.EpochRefusals);
        Assert.Empty(bench.Smsc.Submits);
        await NewEpochAsync(bench);
        await bench.Queue.AdoptAsync(100, CancellationToken.None);
        await bench.PumpAsync();
        await bench.CountedAsync(4, "attempt_end", "kind = 1");
    }

    private static void LoseLease(CarrierBench bench)
    {
        bench.LeaseClock.Advance(bench.Get<LedgerOptions>().LeaseValidFor);
        bench.Get<NodeStance>().Look();
    }

    // As LeaseLoop does it.
    private static async Task NewEpochAsync(CarrierBench bench)
    {
        await bench.Get<NodeLedger>().RegisterAsync("test", CancellationToken.None);
        bench.Get<NodeStance>().Look();
    }
}
