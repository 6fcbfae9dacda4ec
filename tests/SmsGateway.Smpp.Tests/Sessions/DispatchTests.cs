using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class DispatchTests
{
    [Fact]
    public async Task Enquire_link_is_answered_in_any_state()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new EnquireLink(), 0xFFFFFFFF);
        Assert.Equal(0xFFFFFFFF, (await test.ReceiveAsync<EnquireLinkResp>()).Sequence);
        Assert.Empty(test.Handler.Everything);
    }

    [Theory]
    [InlineData(CommandId.QuerySm)]
    [InlineData(CommandId.DataSm)]
    [InlineData(CommandId.SubmitMulti)]
    [InlineData((CommandId)0x00010200)]
    public async Task An_unsupported_command_is_answered_generic_nack_with_its_number(CommandId command)
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync(new RawPdu(command, CommandStatus.Ok, 0, new byte[5]), 99);
        var nack = await test.ReceiveAsync<GenericNack>();
        Assert.Equal((CommandStatus.InvalidCommandId, 99u), (nack.Status, nack.Sequence));
    }

    [Fact]
    public async Task A_notification_that_has_no_response_gets_none()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync(new RawPdu(CommandId.AlertNotification, CommandStatus.Ok, 0, new byte[5]), 99);
        await test.SendAsync(new EnquireLink(), 100);
        Assert.Equal(100u, (await test.ReceiveAsync<EnquireLinkResp>()).Sequence);
    }

    [Fact]
    public async Task Raw_requests_reach_a_handler_that_asks_for_them()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter, o => o.DeliverRawRequests = true);
        await test.SendAsync(new RawPdu(CommandId.QuerySm, CommandStatus.Ok, 0, Hex.Octets("616200000000")), 4);
        var query = await test.Handler.NextAsync<RawPdu>();
        Assert.Equal(("616200000000", 1), (Hex.Of(query.Body.Span), test.Session.IncomingOutstanding));
        test.Session.Respond(query, new RawPdu(CommandId.QuerySmResp, CommandStatus.QueryFailed, 0, default));
        Assert.Equal((CommandId.QuerySmResp, 4u), (await test.ReceiveAsync<RawPdu>() is var answer ? (answer.CommandId, answer.Sequence) : default));
    }

    [Fact]
    public async Task Requests_are_answered_in_any_order_under_their_own_numbers()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 10), .. Wires.Encode(new SubmitSm(), 0), .. Wires.Encode(new SubmitSm(), 0x80000001)]);
        var first = await test.Handler.NextAsync<SubmitSm>();
        var second = await test.Handler.NextAsync<SubmitSm>();
        var third = await test.Handler.NextAsync<SubmitSm>();
        Assert.Equal(3, test.Session.IncomingOutstanding);
        test.Session.Respond(third, new SubmitSmResp { MessageId = "c" });
        test.Session.Respond(first, new SubmitSmResp { MessageId = "a" });
        test.Session.Respond(second, new SubmitSmResp { MessageId = "b" });
        foreach (var (id, sequence) in new[] { ("c", 0x80000001u), ("a", 10u), ("b", 0u) })
        {
            var answer = await test.ReceiveAsync<SubmitSmResp>();
            Assert.Equal((id, sequence), (answer.MessageId, answer.Sequence));
        }

        Assert.Equal(0, test.Session.IncomingOutstanding);
    }

    [Fact]
    public async Task A_bad_body_is_answered_and_the_next_pdu_still_parses()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        var bad = Wires.Encode(new SubmitSm { ShortMessage = new byte[4] }, 20);
        bad[^5] = 9; // sm_length
        await test.SendAsync([.. bad, .. Wires.Encode(new SubmitSm { SourceAddr = "good" }, 21)]);
        var refused = await test.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((CommandStatus.InvalidMessageLength, 20u), (refused.Status, refused.Sequence));
        Assert.Equal("short_message", (await test.Handler.NextAsync<PduBodyException>()).Field);
        Assert.Equal("good", (await test.Handler.NextAsync<SubmitSm>()).SourceAddr);
        Assert.Equal(1, test.Session.IncomingOutstanding);
    }

    [Theory]
    [InlineData(null, CommandStatus.InvalidBindStatus)]
    [InlineData(BindType.Receiver, CommandStatus.InvalidBindStatus)]
    [InlineData(BindType.Transmitter, CommandStatus.InvalidMessageLength)]
    public async Task A_bad_body_that_could_not_come_now_is_answered_for_the_state(BindType? bound, CommandStatus expected)
    {
        await using var test = bound is { } type ? await SessionUnderTest.BoundServerAsync(type) : new SessionUnderTest(isServer: true);
        var bad = Wires.Encode(new SubmitSm { ShortMessage = new byte[4] }, 20);
        bad[^5] = 9; // sm_length
        await test.SendAsync(bad);
        Assert.Equal(expected, (await test.ReceiveAsync<SubmitSmResp>()).Status);
    }

    [Fact]
    public async Task A_second_bind_that_cannot_be_read_is_a_second_bind()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync(new RawPdu(CommandId.BindTransmitter, CommandStatus.Ok, 0, new byte[3]), 7);
        Assert.Equal((CommandStatus.AlreadyBound, 7u), (await test.ReceiveAsync<BindResponse>() is var answer ? (answer.Status, answer.Sequence) : default));
    }

    [Fact]
    public async Task A_bad_body_goes_to_a_handler_that_wants_it_and_is_answered_there()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Receiver, o => o.DeliverUnreadable = true);
        var bad = Wires.Encode(new DeliverSm { ShortMessage = new byte[4] }, 20);
        bad[^5] = 9; // sm_length
        await test.SendAsync(bad);
        var raw = await test.Handler.NextAsync<RawPdu>();
        Assert.Equal((CommandId.DeliverSm, 20u, 1), (raw.CommandId, raw.Sequence, test.Session.IncomingOutstanding));
        test.Session.Respond(raw, new DeliverSmResp());
        var answer = await test.ReceiveAsync<DeliverSmResp>();
        Assert.Equal((CommandStatus.Ok, 20u), (answer.Status, answer.Sequence));
    }

    [Fact]
    public async Task An_unreadable_response_still_ends_its_request()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        Assert.True(test.Session.TrySend(new SubmitSm(), "mine"));
        var sent = await test.ReceiveAsync<SubmitSm>();
        var overlong = string.Concat(Enumerable.Repeat("41", 70));
        await test.SendAsync(new RawPdu(CommandId.SubmitSmResp, CommandStatus.Ok, 0, Hex.Octets(overlong)), sent.Sequence);
        var answered = await test.Handler.NextAsync<RecordingHandler.Answered>();
        Assert.Equal(overlong, Hex.Of(Assert.IsType<RawPdu>(answered.Response).Body.Span));
        Assert.Equal("mine", answered.Request.Context);
        await test.Handler.NextAsync<PduBodyException>();
        Assert.Equal(0, test.Session.Outstanding);
    }

    [Fact]
    public async Task The_handler_hears_once_per_read_that_its_pdus_are_over()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        var before = test.Handler.Batches;
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new SubmitSm(), 2), .. Wires.Encode(new EnquireLink(), 3)]);
        await test.ReceiveAsync<EnquireLinkResp>(); // corked until the batch is over
        Assert.Equal(before + 1, test.Handler.Batches);
    }

    [Fact]
    public async Task A_handler_that_takes_its_time_holds_the_next_request_and_not_the_answers()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Handler.Request = async (session, request, _) =>
        {
            session.Respond(request, new SubmitSmResp { MessageId = "x" });
            await hold.Task;
        };
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new SubmitSm(), 2)]);
        Assert.Equal(1u, (await test.ReceiveAsync<SubmitSmResp>()).Sequence);
        Assert.Single(test.Handler.Everything.OfType<SubmitSm>());
        hold.SetResult();
        Assert.Equal(2u, (await test.ReceiveAsync<SubmitSmResp>()).Sequence);
    }
}
