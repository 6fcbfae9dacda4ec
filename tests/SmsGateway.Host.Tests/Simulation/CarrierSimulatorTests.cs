using System.Text;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class CarrierSimulatorTests
{
    [Fact]
    public async Task A_wrong_password_is_refused_with_0x0D()
    {
        await using var carrier = await StartAsync();
        await using var customer = await TestCustomer.ConnectAsync(carrier.Smpp);
        Pdu answer = await customer.BindAsync(BindType.Transceiver, "smsgw", "wrong");
        Assert.Equal(CommandStatus.BindFailed, answer.Status);
    }

    [Fact]
    public async Task Ids_are_plain_decimal_numbers_from_1()
    {
        await using var carrier = await StartAsync();
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.Equal("1", (await customer.SubmitAsync("first")).MessageId);
        Assert.Equal("2", (await customer.SubmitAsync("second")).MessageId);
        Assert.Empty(customer.Delivered);
    }

    [Fact]
    public async Task A_receipt_has_swapped_addresses_the_appendix_text_and_both_TLVs()
    {
        await using var carrier = await StartAsync(new CarrierBehaviour { Receipts = new ReceiptBehaviour { DelayMs = 0 } });
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        await customer.SubmitAsync("a text of more than twenty characters", registered: 1);
        await customer.ReceivedAsync(1);
        Assert.True(customer.Delivered.TryDequeue(out DeliverSm? receipt));
        Assert.Equal("447700900001", receipt.SourceAddr);
        Assert.Equal("12345", receipt.DestinationAddr);
        Assert.True(EsmClass.IsReceipt(receipt.EsmClass));
        Assert.True(receipt.Tlvs.TryGetCString(TlvTag.ReceiptedMessageId, out string id));
        Assert.Equal("1", id);
        Assert.True(receipt.Tlvs.TryGetByte(TlvTag.MessageState, out byte state));
        Assert.Equal(2, state);
        Assert.Matches(
            @"^id:1 sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:DELIVRD err:000 text:a text of more than \z",
            Encoding.Latin1.GetString(receipt.ShortMessage.Span));
    }

    [Theory]
    [InlineData(2, "DELIVRD", 0)]
    [InlineData(2, "UNDELIV", 1)]
    [InlineData(0, "UNDELIV", 0)]
    [InlineData(17, "DELIVRD", 1)]
    public async Task Receipts_come_only_as_registered_delivery_asks(byte registered, string state, int receipts)
    {
        var behaviour = new ReceiptBehaviour { DelayMs = 0, States = new Dictionary<string, double> { [state] = 1 } };
        await using var carrier = await StartAsync(new CarrierBehaviour { Receipts = behaviour });
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        await customer.SubmitAsync("asked", registered);
        Assert.Equal(receipts, carrier.Rooms.Submits.Journal.Counts.FinalReceipts);
        await customer.ReceivedAsync(receipts);
    }

    [Fact]
    public async Task An_early_receipt_arrives_before_the_response()
    {
        await using var carrier = await StartAsync(new CarrierBehaviour { Receipts = new ReceiptBehaviour { DelayMs = -2000 } });
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.True(customer.Send("early", registered: 1));
        await Eventually.TrueAsync(() => customer.Arrivals.Count == 2, "receipt and response");
        Assert.Equal([CommandId.DeliverSm, CommandId.SubmitSmResp], customer.Arrivals.Select(pdu => pdu.CommandId));
    }

    [Fact]
    public async Task Hexadecimal_ids_intermediate_states_and_texts_without_TLVs_come_as_told()
    {
        var behaviour = new CarrierBehaviour
        {
            Ids = new IdBehaviour { Start = 255 },
            Receipts = new ReceiptBehaviour { DelayMs = 0, IdNotation = IdNotation.Hex, Tlvs = false, Before = ["ENROUTE"], Dialect = ReceiptDialect.Glued },
        };
        await using var carrier = await StartAsync(behaviour);
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.Equal("255", (await customer.SubmitAsync("hex", registered: 1)).MessageId);
        await customer.ReceivedAsync(2);
        string[] texts = [.. customer.Delivered.Select(d => Encoding.Latin1.GetString(d.ShortMessage.Span))];
        Assert.All(texts, text => Assert.Matches(@"^id:ff .* submitdate:\d{10} donedate:\d{10} ", text));
        Assert.Contains("stat:ENROUTE", texts[0], StringComparison.Ordinal);
        Assert.Contains("stat:DELIVRD", texts[1], StringComparison.Ordinal);
        Assert.All(customer.Delivered, d => Assert.Empty(d.Tlvs));
    }

    [Fact]
    public async Task A_receipt_whose_bind_was_lost_waits_for_the_next_bind_and_is_the_same_octets()
    {
        await using var carrier = await StartAsync(new CarrierBehaviour { Receipts = new ReceiptBehaviour { DelayMs = 0 } });
        DeliverSm first;
        await using (var customer = await TestCustomer.BoundAsync(carrier.Smpp))
        {
            customer.AnswerWith = null;
            await customer.SubmitAsync("kept", registered: 1);
            await customer.ReceivedAsync(1);
            first = customer.Delivered.First();
        }

        await using var next = await TestCustomer.BoundAsync(carrier.Smpp, BindType.Receiver);
        await next.ReceivedAsync(1);
        Assert.Equal(first.ShortMessage.ToArray(), next.Delivered.First().ShortMessage.ToArray());
        await Eventually.TrueAsync(() => carrier.Rooms.Receipts.Pending == 0, "the acknowledgement");
        await Eventually.TrueAsync(() => carrier.Rooms.Submits.Journal.Counts.ReceiptsRepeated == 1, "one is counted as repeated"); // after it was sent
    }

    [Fact]
    public async Task An_unanswered_receipt_goes_out_again_over_another_bind()
    {
        var behaviour = new CarrierBehaviour { DeliverTimeoutMs = 200, Receipts = new ReceiptBehaviour { DelayMs = 0 } };
        await using var carrier = await StartAsync(behaviour);
        await using var silent = await TestCustomer.BoundAsync(carrier.Smpp);
        silent.AnswerWith = null;
        await silent.SubmitAsync("again", registered: 1);
        await silent.ReceivedAsync(1);
        await using var other = await TestCustomer.BoundAsync(carrier.Smpp, BindType.Receiver);
        await Eventually.TrueAsync(() => carrier.Rooms.Receipts.Pending == 0, "the acknowledgement by the other bind");
        Assert.NotEmpty(other.Delivered);
    }

    [Fact]
    public async Task A_throttled_refused_or_lost_submit_is_in_the_journal_with_what_became_of_it()
    {
        var behaviour = new CarrierBehaviour { RefuseDestinationSuffixes = ["99"], RefuseStatus = 0x0B };
        await using var carrier = await StartAsync(behaviour);
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.Equal(CommandStatus.InvalidDestinationAddress, (await customer.SubmitAsync("refused", destination: "4499")).Status);
        Assert.Null(carrier.Rooms.UpdateBehaviour("""{"throttleRatio":1}"""));
        Assert.Equal(CommandStatus.Throttled, (await customer.SubmitAsync("throttled")).Status);
        Assert.Null(carrier.Rooms.UpdateBehaviour("""{"throttleRatio":0,"loseAnswerRatio":1}"""));
        Assert.True(customer.Send("lost"));
        var journal = carrier.Rooms.Submits.Journal;
        await Eventually.TrueAsync(() => journal.Count == 3, "three records");
        Assert.Equal(0x0Bu, journal[0].Status);
        Assert.Equal(0x58u, journal[1].Status);
        Assert.False(journal[2].Answered);
        Assert.Equal("lost", Encoding.ASCII.GetString(journal.Payload(journal[2])));
        Assert.Equal("02040002" + "0007", Convert.ToHexString(journal.Tlvs(journal[2])));
    }

    [Fact]
    public async Task A_repeated_answer_comes_twice_and_the_second_matches_nothing()
    {
        await using var carrier = await StartAsync(new CarrierBehaviour { RepeatAnswerRatio = 1 });
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.Equal("1", (await customer.SubmitAsync("twice")).MessageId);
        Assert.Equal("2", (await customer.SubmitAsync("again twice")).MessageId);
    }

    [Fact]
    public async Task The_connection_is_cut_after_so_many_submits()
    {
        await using var carrier = await StartAsync(new CarrierBehaviour { DisconnectEverySubmits = 2, LoseAnswerRatio = 1 });
        await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
        Assert.True(customer.Send("one"));
        Assert.True(customer.Send("two"));
        var end = await customer.Ended.WaitAsync(Eventually.DefaultTimeout);
        Assert.Equal(2, end.Lost.Count);
    }

    [Fact]
    public async Task Two_runs_with_one_seed_decide_alike()
    {
        var lost = new List<string>();
        for (int run = 0; run < 2; run++)
        {
            await using var carrier = await StartAsync(new CarrierBehaviour { ThrottleRatio = 0.5 });
            await using var customer = await TestCustomer.BoundAsync(carrier.Smpp);
            var statuses = new StringBuilder();
            for (int i = 0; i < 30; i++)
                statuses.Append((await customer.SubmitAsync($"{i}")).Status == CommandStatus.Ok ? '+' : '-');
            lost.Add(statuses.ToString());
        }

        Assert.Equal(lost[0], lost[1]);
        Assert.Contains('-', lost[0]);
        Assert.Contains('+', lost[0]);
    }

    private static async Task<CarrierSimulator> StartAsync(CarrierBehaviour? behaviour = null)
    {
        var carrier = new CarrierSimulator(new CarrierOptions { Name = "carrier-t", JournalCapacity = 1000 }, behaviour);
        await carrier.StartAsync();
        return carrier;
    }
}
