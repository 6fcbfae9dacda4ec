using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.TestKit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class EndTests
{
    [Fact]
    public async Task A_peer_that_closes_between_two_pdus_just_ends()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.PeerOutput.CompleteAsync();
        var end = await test.EndAsync();
        Assert.Equal((SessionEndReason.PeerClosed, null), (end.Reason, end.Cause));
        Assert.Equal(SessionState.Closed, test.Session.State);
    }

    [Fact]
    public async Task Half_a_pdu_at_the_end_is_an_error_and_never_a_spin()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(Wires.Encode(new EnquireLink(), 1)[..3]);
        await test.PeerOutput.CompleteAsync();
        Assert.Equal(SessionEndReason.Truncated, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task Every_request_without_a_response_is_handed_over_in_order_overdue_ones_too()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
        Assert.True(test.Session.TrySend(new SubmitSm(), "a"));
        Assert.True(test.Session.TrySend(new SubmitSm(), "b"));
        await test.ReceiveAsync<SubmitSm>();
        var b = await test.ReceiveAsync<SubmitSm>();
        test.Advance(5);
        await test.Handler.NextAsync<RecordingHandler.Late>();
        await test.Handler.NextAsync<RecordingHandler.Late>();
        Assert.True(test.Session.TrySend(new SubmitSm(), "c"));
        await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync(new SubmitSmResp { MessageId = "b" }, b.Sequence);
        await test.Handler.NextAsync<RecordingHandler.Answered>();
        await test.PeerOutput.CompleteAsync();
        var end = await test.EndAsync();
        Assert.Equal(["a", "c"], end.Lost.Select(lost => lost.Context));
        Assert.Equal([true, false], end.Lost.Select(lost => lost.Overdue));
        Assert.All(end.Lost, lost => Assert.True(lost.ReachedTransport));
    }

    [Fact]
    public async Task After_the_end_nothing_is_taken_and_nobody_waits_for_ever()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        var asking = test.Session.RequestAsync(new EnquireLink(), CancellationToken.None).AsTask();
        await test.ReceiveAsync<EnquireLink>();
        test.Stop();
        Assert.Equal(SessionEndReason.Stopped, (await test.EndAsync()).Reason);
        Assert.Equal(SessionEndReason.Stopped, (await Assert.ThrowsAsync<SessionEndedException>(() => asking)).Reason);
        Assert.False(test.Session.TrySend(new SubmitSm(), null));
        Assert.False(test.Session.TryReserve());
        await Assert.ThrowsAsync<SessionEndedException>(() => test.Session.RequestAsync(new EnquireLink(), CancellationToken.None).AsTask());
        test.Session.Respond(new SubmitSm(), new SubmitSmResp());
        test.Session.Close(SessionEndReason.OutgoingFull);
    }

    [Fact]
    public async Task A_stop_still_writes_what_is_queued()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        await test.SendAsync(new SubmitSm(), 8);
        var submit = await test.Handler.NextAsync<SubmitSm>();
        test.Session.Respond(submit, new SubmitSmResp { MessageId = "kept" });
        test.Stop();
        Assert.Equal("kept", (await test.ReceiveAsync<SubmitSmResp>()).MessageId);
        await test.ReceiveEndAsync();
    }

    [Fact]
    public async Task An_unbind_of_the_peer_is_answered_and_ends_the_session()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync(new Unbind(), 50);
        Assert.Equal((50u, CommandStatus.Ok), await test.ReceiveAsync<UnbindResp>() is var answer ? (answer.Sequence, answer.Status) : default);
        await test.ReceiveEndAsync();
        Assert.Equal(SessionEndReason.PeerUnbound, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task What_the_handler_still_owes_goes_out_before_the_answer_to_an_unbind()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new Unbind(), 2), .. Wires.Encode(new SubmitSm(), 3)]);
        var submit = await test.Handler.NextAsync<SubmitSm>();
        test.Session.Respond(submit, new SubmitSmResp { MessageId = "last" });
        Assert.Equal("last", (await test.ReceiveAsync<SubmitSmResp>()).MessageId);
        Assert.Equal(2u, (await test.ReceiveAsync<UnbindResp>()).Sequence);
        await test.ReceiveEndAsync();
        Assert.Single(test.Handler.Everything.OfType<SubmitSm>());
    }

    [Fact]
    public async Task Our_own_unbind_leaves_the_peer_in_no_doubt_about_what_it_sent_before_its_answer()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        var unbind = await test.ReceiveAsync<Unbind>();
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new UnbindResp(), unbind.Sequence), .. Wires.Encode(new SubmitSm(), 3)]);
        var submit = await test.Handler.NextAsync<SubmitSm>();
        Assert.False(unbinding.IsCompleted);
        test.Session.Respond(submit, new SubmitSmResp { MessageId = "last" });
        Assert.Equal("last", (await test.ReceiveAsync<SubmitSmResp>()).MessageId);
        await test.ReceiveEndAsync();
        await unbinding;
        Assert.Equal(SessionEndReason.Unbound, (await test.EndAsync()).Reason);
        Assert.Single(test.Handler.Everything.OfType<SubmitSm>()); // the one behind its answer is nobody's
    }

    [Fact]
    public async Task Our_own_unbind_does_not_wait_for_ever_for_what_the_handler_owes()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        var unbind = await test.ReceiveAsync<Unbind>();
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new UnbindResp(), unbind.Sequence), .. Wires.Encode(new EnquireLink(), 3)]);
        await test.ReceiveAsync<EnquireLinkResp>(); // behind the answer, so that one is taken
        test.Advance(5);
        Assert.Equal(SessionEndReason.Unbound, (await test.EndAsync()).Reason);
        await unbinding;
    }

    [Fact]
    public async Task An_unbind_does_not_wait_for_ever_for_what_the_handler_owes()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync([.. Wires.Encode(new SubmitSm(), 1), .. Wires.Encode(new Unbind(), 2), .. Wires.Encode(new EnquireLink(), 3)]);
        await test.ReceiveAsync<EnquireLinkResp>(); // behind the unbind, so that one is taken
        test.Advance(5);
        Assert.Equal(2u, (await test.ReceiveAsync<UnbindResp>()).Sequence);
        Assert.Equal(SessionEndReason.PeerUnbound, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task With_patience_an_unbind_of_the_peer_is_answered_only_after_it_has_answered_us_and_nothing_new_is_sent()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver, o => o.UnbindPatience = TimeSpan.FromSeconds(20));
        Assert.True(test.Session.TrySend(new SubmitSm(), "before"));
        var submit = await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync([.. Wires.Encode(new Unbind(), 2), .. Wires.Encode(new EnquireLink(), 3)]);
        Assert.Equal(3u, (await test.ReceiveAsync<EnquireLinkResp>()).Sequence); // behind the unbind, so that one is taken
        Assert.Equal((false, SessionState.Unbinding), (test.Session.TrySend(new SubmitSm(), "after"), test.Session.State));
        test.Advance(10);
        await test.SendAsync(new SubmitSmResp { MessageId = "last" }, submit.Sequence);
        Assert.Equal(2u, (await test.ReceiveAsync<UnbindResp>()).Sequence);
        var end = await test.EndAsync();
        Assert.Equal((SessionEndReason.PeerUnbound, 0), (end.Reason, end.Lost.Count));
    }

    [Fact]
    public async Task The_patience_with_a_peer_that_unbinds_has_an_end()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver, o => o.UnbindPatience = TimeSpan.FromSeconds(20));
        Assert.True(test.Session.TrySend(new SubmitSm(), "unanswered"));
        await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync([.. Wires.Encode(new Unbind(), 2), .. Wires.Encode(new EnquireLink(), 3)]);
        await test.ReceiveAsync<EnquireLinkResp>();
        test.Advance(20);
        Assert.Equal(2u, (await test.ReceiveAsync<UnbindResp>()).Sequence);
        Assert.Equal("unanswered", Assert.Single((await test.EndAsync()).Lost).Context);
    }

    [Fact]
    public async Task Our_unbind_waits_for_its_answer_takes_late_responses_and_still_answers_the_peer()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        Assert.True(test.Session.TrySend(new DeliverSm(), "receipt"));
        var deliver = await test.ReceiveAsync<DeliverSm>();
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        var unbind = await test.ReceiveAsync<Unbind>();
        Assert.Equal(SessionState.Unbinding, test.Session.State);
        Assert.False(test.Session.TrySend(new DeliverSm(), null));
        await test.SendAsync(new SubmitSm(), 5);
        test.Session.Respond(await test.Handler.NextAsync<SubmitSm>(), new SubmitSmResp { MessageId = "taken" });
        Assert.Equal("taken", (await test.ReceiveAsync<SubmitSmResp>()).MessageId);
        await test.SendAsync([.. Wires.Encode(new DeliverSmResp(), deliver.Sequence), .. Wires.Encode(new UnbindResp(), unbind.Sequence)]);
        await unbinding.WaitAsync(Eventually.DefaultTimeout);
        var end = await test.EndAsync();
        Assert.Equal((SessionEndReason.Unbound, 0), (end.Reason, end.Lost.Count));
        Assert.Equal("receipt", (await test.Handler.NextAsync<RecordingHandler.Answered>()).Request.Context);
    }

    [Fact]
    public async Task A_peer_that_closes_right_behind_its_unbind_resp_has_ended_in_order()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver);
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        var unbind = await test.ReceiveAsync<Unbind>();
        await test.SendAsync([.. Wires.Encode(new UnbindResp(), unbind.Sequence)]);
        await test.PeerOutput.CompleteAsync();
        await unbinding.WaitAsync(Eventually.DefaultTimeout);
        Assert.Equal(SessionEndReason.Unbound, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task Our_unbind_does_not_wait_longer_than_the_response_timer()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver, o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        await test.ReceiveAsync<Unbind>();
        test.Advance(5);
        await unbinding.WaitAsync(Eventually.DefaultTimeout);
        Assert.Equal(SessionEndReason.Unbound, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_length_that_cannot_be_is_nacked_and_ends_the_session()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver);
        await test.SendAsync(Hex.Octets("0000000f 00000004 00000000 00000021"));
        var nack = await test.ReceiveAsync<GenericNack>();
        Assert.Equal((CommandStatus.InvalidCommandLength, 0x21u), (nack.Status, nack.Sequence));
        await test.ReceiveEndAsync();
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.BadLength, end.Reason);
        Assert.IsType<PduLengthException>(end.Cause);
    }

    [Fact]
    public async Task A_stranger_gets_nothing_but_the_end()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await test.ReceiveEndAsync();
        Assert.Equal(SessionEndReason.BadLength, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_session_with_its_exception()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        var thrown = new InvalidTimeZoneException("broken handler");
        test.Handler.Request = (_, _, _) => throw thrown;
        await test.SendAsync(new SubmitSm(), 1);
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.HandlerError, end.Reason);
        Assert.Same(thrown, end.Cause);
    }

    [Fact]
    public async Task A_broken_connection_is_a_transport_error_with_its_cause()
    {
        await using var test = new SessionUnderTest(isServer: true);
        var broken = new IOException("reset");
        await test.PeerOutput.CompleteAsync(broken);
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.TransportError, end.Reason);
        Assert.Same(broken, end.Cause);
    }

    [Fact]
    public async Task The_handlers_token_is_cancelled_when_the_session_ends()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Handler.Request = (_, _, ct) =>
        {
            ct.Register(() => cancelled.TrySetResult());
            return new ValueTask(cancelled.Task);
        };
        await test.SendAsync(new SubmitSm(), 1);
        await test.Handler.NextAsync<SubmitSm>();
        test.Session.Close(SessionEndReason.Stopped);
        Assert.Equal(SessionEndReason.Stopped, (await test.EndAsync()).Reason);
        await cancelled.Task.WaitAsync(Eventually.DefaultTimeout);
    }
}
