using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// What the carrier answers, and what is written down about it.
public sealed class AnswerTests
{
    [Fact]
    public async Task An_ok_ends_the_attempt_with_the_carriers_id_in_one_notation()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => new SubmitSmResp { MessageId = "4F2A" };
        await bench.ConfigureAsync(carrier => carrier with { Quirks = new CarrierQuirks { SubmitIdNotation = IdNotation.Hex } });
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 1 AND command_status = 0 AND carrier_message_id = '20266' AND connector = 'carrier-a'");
        Assert.Equal((0, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("queue")));
    }

    [Fact]
    public async Task An_ok_without_an_id_and_one_that_is_unreadable_end_the_attempt_without_an_id()
    {
        await using var bench = await CarrierBench.StartAsync();
        var bodies = new Queue<byte[]>([[], [.. Enumerable.Repeat((byte)'x', 70)], [0]]);
        bench.Smsc.Script = (_, submit) => new RawPdu(CommandId.SubmitSmResp, CommandStatus.Ok, submit.Sequence, bodies.Dequeue());
        await bench.ConfigureAsync();
        await bench.HandInAsync(3);
        await bench.CountedAsync(3, "attempt_end", "kind = 1 AND carrier_message_id IS NULL");
    }

    [Theory]
    [InlineData(CommandStatus.MessageQueueFull)]
    [InlineData(CommandStatus.SystemError)]
    [InlineData(CommandStatus.Throttled)]
    [InlineData(CommandStatus.ReceiverTemporaryError)]
    public async Task A_retryable_refusal_puts_the_segment_back_and_the_next_attempt_has_the_next_number(CommandStatus status)
    {
        await using var bench = await CarrierBench.StartAsync(("ThrottlePause", "00:00:00.010"));
        var refused = false;
        bench.Smsc.Script = (_, _) =>
        {
            (refused, var again) = (true, refused);
            return again ? bench.Smsc.Ok() : ScriptedSmsc.Refusal(status);
        };
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", $"kind = 2 AND number = 1 AND command_status = {(uint)status}");
        await bench.CountedAsync(1, "queue", "attempt = 2 AND failures = 0");
        await bench.ForgottenAsync();
        await bench.PumpAsync();
        await bench.CountedAsync(1, "attempt_end", "kind = 1 AND number = 2");
        Assert.Equal(0, await bench.CountAsync("receipt"));
    }

    [Fact]
    public async Task A_retryable_refusal_waits_for_the_carriers_delay()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => ScriptedSmsc.Refusal(CommandStatus.MessageQueueFull);
        await bench.ConfigureAsync(carrier => carrier with { RetryDelay = TimeSpan.FromHours(1) });
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "queue", "due_at > now() + interval '50 minutes'");
    }

    [Fact]
    public async Task From_its_thousandth_attempt_on_a_segment_waits_a_minute_at_least()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => ScriptedSmsc.Refusal(CommandStatus.MessageQueueFull);
        await bench.ConfigureAsync(carrier => carrier with { RetryDelay = TimeSpan.FromSeconds(5) });
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "queue", "attempt = 2 AND due_at < now() + interval '10 seconds'");
        await bench.ExecuteAsync("UPDATE queue SET attempt = 1000, due_at = now()");
        await bench.ForgottenAsync();
        await bench.PumpAsync();
        await bench.CountedAsync(1, "queue", "attempt = 1001 AND due_at > now() + interval '30 seconds'");
    }

    [Fact]
    public async Task A_final_refusal_is_rejected_and_owed_to_the_account()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => ScriptedSmsc.Refusal(CommandStatus.InvalidDestinationAddress);
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 2 AND command_status = 11");
        await bench.CountedAsync(1, "receipt", "state = 8 AND result_code = 1 AND error = '011' AND origin = 2");
        await bench.CountedAsync(1, "outbox", "account = 'demo' AND state = 8 AND result_code = 1");
        Assert.Equal((0, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("queue")));
    }

    [Fact]
    public async Task A_generic_nack_refuses_by_its_status()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => new GenericNack { Status = CommandStatus.InvalidCommandId };
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 2 AND command_status = 3");
        await bench.CountedAsync(1, "receipt", "state = 8 AND result_code = 99");
    }

    [Fact]
    public async Task A_carrier_may_have_a_table_of_its_own()
    {
        await using var bench = await CarrierBench.StartAsync();
        var answers = new Queue<CommandStatus>([CommandStatus.MessageQueueFull, (CommandStatus)0x455]);
        bench.Smsc.Script = (_, _) => ScriptedSmsc.Refusal(answers.Dequeue());
        await bench.ConfigureAsync(carrier => carrier with { Statuses = new CarrierStatuses { Retryable = [0x14, 0x455], Final = [0x14] }, RetryDelay = TimeSpan.FromHours(1) });
        await bench.HandInAsync(2);
        await bench.CountedAsync(1, "receipt", "state = 8 AND result_code = 6");
        await bench.CountedAsync(1, "queue", "attempt = 2");
    }

    [Fact]
    public async Task A_throttled_bind_sends_nothing_for_a_moment_and_goes_on()
    {
        await using var bench = await CarrierBench.StartAsync(("ThrottlePause", "00:00:00.500"));
        var throttled = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Smsc.Script = (_, _) =>
        {
            if (!throttled.TrySetResult(TimeProvider.System.GetTimestamp()))
            {
                return bench.Smsc.Ok();
            }

            return ScriptedSmsc.Refusal(CommandStatus.Throttled);
        };
        await bench.ConfigureAsync(carrier => carrier with { Window = 1, RetryDelay = TimeSpan.FromHours(1) });
        await bench.HandInAsync(2);
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        var between = TimeProvider.System.GetElapsedTime(await throttled.Task, bench.Smsc.Submits.Last().At);
        Assert.True(between >= TimeSpan.FromMilliseconds(400), $"only {between} after it was throttled");
    }

    [Fact]
    public async Task The_circuit_opens_after_system_errors_in_a_row_and_closes_after_its_pause()
    {
        await using var bench = await CarrierBench.StartAsync();
        var broken = true;
        bench.Smsc.Script = (_, _) => Volatile.Read(ref broken) ? ScriptedSmsc.Refusal(CommandStatus.SystemError) : bench.Smsc.Ok();
        await bench.ConfigureAsync(carrier => carrier with
        {
            RetryDelay = TimeSpan.FromHours(1),
            Circuit = new CarrierCircuit { Failures = 3, Pause = TimeSpan.FromSeconds(1) },
        });
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Link.LiveChanged += link => (link.Live ? closed : opened).TrySetResult();
        await bench.HandInAsync(3);
        await opened.Task.WaitAsync(Eventually.DefaultTimeout);
        Volatile.Write(ref broken, false);
        await closed.Task.WaitAsync(Eventually.DefaultTimeout);
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        Assert.Single(bench.Binds.All);
    }

    [Fact]
    public async Task No_answer_and_the_loss_of_the_bind_leave_an_open_attempt_and_nothing_is_sent_again()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        var lost = await bench.HandInAsync(5);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 5, "five submits arrived");
        bench.Smsc.Script = (_, _) => bench.Smsc.Ok();
        bench.Smsc.DropAll();
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2 && bench.Link.Live, "the bind is made anew");
        await bench.ForgottenAsync();
        await bench.PumpAsync();
        await bench.HandInAsync(1);
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        Assert.Equal(5, await bench.CountAsync("attempt"));
        Assert.Equal(6, bench.Smsc.Submits.Count);
        await bench.ForgottenAsync();
        Assert.All(lost, entry => Assert.Single(bench.Smsc.Submits, submit => submit.Pdu.DestinationAddr == entry.Destination));
    }

    [Fact]
    public async Task An_overdue_slot_stays_taken_and_a_late_answer_is_still_the_outcome()
    {
        await using var bench = await CarrierBench.StartAsync(("ResponseTimeout", "00:00:03"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync(carrier => carrier with { Window = 2, Circuit = new CarrierCircuit { Failures = 1, Pause = TimeSpan.FromHours(1) } });
        await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => !bench.Link.Live, "one overdue submit opened this circuit");
        bench.Smsc.AnswerAll();
        await bench.CountedAsync(1, "attempt_end", "kind = 1 AND carrier_message_id = 'id-1'");
        Assert.Single(bench.Smsc.BindRequests);
    }

    [Fact]
    public async Task A_bind_whose_slots_are_all_overdue_is_closed_and_made_anew()
    {
        await using var bench = await CarrierBench.StartAsync(("ResponseTimeout", "00:00:03"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync(carrier => carrier with { Window = 2 });
        await bench.HandInAsync(3);
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2, "a second bind is made");
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 3, "the third segment goes over it");
        Assert.Equal(3, await bench.CountAsync("attempt"));
        Assert.Equal(0, await bench.CountAsync("attempt_end"));
    }
}
