using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// From the lanes to the wire.
public sealed class SubmitTests
{
    [Fact]
    public async Task Every_pdu_on_the_wire_has_an_earlier_committed_attempt()
    {
        await using var bench = await CarrierBench.StartAsync();
        var withoutAttempt = 0;
        bench.Smsc.Script = (_, submit) =>
        {
            var standing = bench.CountAsync("attempt a JOIN entry_text t USING (id, day)", $"t.destination = '{submit.DestinationAddr}'").GetAwaiter().GetResult();
            withoutAttempt += standing == 1 ? 0 : 1;
            return null;
        };
        await bench.ConfigureAsync();
        await bench.HandInAsync(20);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 20, "20 submits arrived");
        Assert.Equal(0, withoutAttempt);
        Assert.Equal((20, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("queue")));
    }

    [Fact]
    public async Task Segments_from_the_lanes_are_sent_once_and_leave_memory()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 2 });
        await bench.SubmitBindsAsync(2);
        var entries = await bench.HandInAsync(500);
        await bench.CountedAsync(500, "attempt_end", "kind = 1");
        Assert.Equal(entries.Select(entry => entry.Destination).Order(), bench.Smsc.Submits.Select(submit => submit.Pdu.DestinationAddr).Order());
        await bench.ForgottenAsync();
        Assert.Equal(2, bench.Smsc.Submits.Select(submit => submit.Session).Distinct().Count());
    }

    [Fact]
    public async Task The_fast_path_sends_what_was_claimed_with_its_attempt()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        var slot = bench.Link.TryReserve!()!;
        Assert.Equal("carrier-a@smsc1.dc3#1", slot.Bind);
        var entry = bench.Entry() with { FirstAttempt = new FirstAttempt(CarrierBench.Carrier, slot.Bind) };
        Assert.True((await bench.Claims.ClaimAsync(entry, CancellationToken.None)).MayEmit);
        slot.Send(entry.ToQueued(1), entry.AcceptedAt);
        await bench.CountedAsync(1, "attempt_end", "kind = 1 AND carrier_message_id = 'id-1' AND bind = 'carrier-a@smsc1.dc3#1'");
        Assert.Equal((0, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("queue")));
    }

    [Fact]
    public async Task A_slot_given_back_can_be_taken_again_and_no_more_than_the_window_is_out()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Window = 2 });
        var first = bench.Link.TryReserve!();
        var second = bench.Link.TryReserve!();
        Assert.Null(bench.Link.TryReserve!());
        first!.Release();
        var third = bench.Link.TryReserve!();
        Assert.NotNull(third);
        second!.Release();
        third.Release();
    }

    [Fact]
    public async Task The_window_of_a_bind_is_never_exceeded()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync(carrier => carrier with { Window = 5, BindsPerNode = 2 });
        await bench.SubmitBindsAsync(2);
        await bench.HandInAsync(100);
        await Eventually.TrueAsync(
            () =>
            {
                if (bench.Smsc.Unanswered.Count == 10)
                {
                    bench.Smsc.AnswerAll();
                }

                return bench.Smsc.Submits.Count == 100;
            },
            "all 100 were submitted, ten at a time");
        bench.Smsc.AnswerAll();
        await bench.CountedAsync(100, "attempt_end");
        Assert.Equal(5, bench.Smsc.DeepestWindow);
    }

    [Fact]
    public async Task The_rate_of_the_contract_is_never_exceeded()
    {
        await using var bench = await CarrierBench.StartAsync();
        var begun = TimeProvider.System.GetTimestamp();
        await bench.ConfigureAsync(carrier => carrier with { Tps = 40 });
        await bench.HandInAsync(100);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 100, "100 submits arrived");
        var took = TimeProvider.System.GetElapsedTime(begun, bench.Smsc.Submits.Max(submit => submit.At));

        // Four may be saved up, the others come one by one; being slow is no fault here.
        Assert.True(took >= TimeSpan.FromSeconds((100 - 4 - 1) / 40.0), $"100 messages at 40 per second took {took}");
    }

    [Fact]
    public async Task What_has_expired_is_not_sent_and_is_left_to_the_ledger()
    {
        await using var bench = await CarrierBench.StartAsync();
        var entry = (await bench.HandInAsync(1, () => bench.Entry(validity: TimeSpan.FromMilliseconds(1)))).Single();
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > entry.ValidUntil, "its validity is over");
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end");
        await Eventually.TrueAsync(() => bench.Memory.Count == 0, "memory holds neither");
        Assert.Single(bench.Smsc.Submits);
        Assert.Equal(1, await bench.CountAsync("queue"));
    }

    [Fact]
    public async Task What_the_ledger_does_not_return_is_dropped_and_its_slot_is_free_again()
    {
        await using var bench = await CarrierBench.StartAsync();
        var entries = await bench.HandInAsync(3);
        await bench.ExecuteAsync($"DELETE FROM queue WHERE id = '{entries[1].Id}'");
        await bench.ConfigureAsync(carrier => carrier with { Window = 1 });
        await bench.CountedAsync(2, "attempt_end");
        await Eventually.TrueAsync(() => bench.Memory.Count == 0, "memory holds none of them");
        Assert.DoesNotContain(bench.Smsc.Submits, submit => submit.Pdu.DestinationAddr == entries[1].Destination);
        await Eventually.TrueAsync(() => bench.Link.TryReserve!() is not null, "the slot is free again");
    }

    [Fact]
    public async Task The_parts_of_one_message_go_in_order_over_one_bind()
    {
        await using var bench = await CarrierBench.StartAsync(("BatchSize", "7"));
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 3, Window = 1_000 });
        await bench.SubmitBindsAsync(3);
        await bench.HandInAsync(40, () => bench.Entry(parts: 5));
        await bench.CountedAsync(200, "attempt_end");
        Assert.All(bench.Smsc.Submits.GroupBy(submit => submit.Pdu.DestinationAddr), message =>
        {
            Assert.Single(message.Select(submit => submit.Session).Distinct());
            Assert.Equal([1, 2, 3, 4, 5], message.Select(submit => submit.Pdu.ShortMessage.Span[^1] - (byte)'0'));
        });
    }

    [Fact]
    public async Task A_segment_whose_bind_ended_before_it_was_written_goes_back_as_not_sent()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Reconnect = new CarrierReconnect { First = TimeSpan.FromMinutes(5), Max = TimeSpan.FromMinutes(5) } });
        var slot = bench.Link.TryReserve!()!;
        var entry = bench.Entry() with { FirstAttempt = new FirstAttempt(CarrierBench.Carrier, slot.Bind) };
        await bench.Claims.ClaimAsync(entry, CancellationToken.None);
        bench.Smsc.DropAll();
        await Eventually.TrueAsync(() => !bench.Link.Live, "the bind is gone");
        slot.Send(entry.ToQueued(1), entry.AcceptedAt);
        await bench.CountedAsync(1, "attempt_end", "kind = 3");
        await bench.CountedAsync(1, "queue", "attempt = 2 AND failures = 0");
        Assert.Equal(0, await bench.CountAsync("attempt"));
        Assert.Empty(bench.Smsc.Submits);
    }

    [Fact]
    public async Task A_segment_that_cannot_be_written_counts_as_a_failure_of_its_own()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        await bench.HandInAsync(1, () => bench.Entry() with { Sender = new string('9', 30) });
        await bench.CountedAsync(1, "queue", "attempt = 2 AND failures = 1");
        Assert.Equal(1, await bench.CountAsync("queue q JOIN attempt_end x ON x.id = q.id", "q.due_at > x.ended_at")); // not again at once
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        Assert.Single(bench.Smsc.Submits);
    }

    [Fact]
    public async Task Answers_that_wait_for_their_commit_stop_the_sending_at_the_allowance()
    {
        await using var bench = await CarrierBench.StartAsync(("UncommittedOutcomes", "10"));
        await bench.ConfigureAsync(carrier => carrier with { Window = 20 });
        await using (await bench.LockedAsync("attempt_end"))
        {
            await bench.HandInAsync(200);
            await Eventually.TrueAsync(() => bench.Connectors.Statuses.Single().Uncommitted >= 10, "ten outcomes wait");
            Assert.InRange(bench.Smsc.Submits.Count, 10, 10 + 20);
        }

        await bench.CountedAsync(200, "attempt_end", "kind = 1");
        Assert.Equal(200, bench.Smsc.Submits.Count);
    }
}
