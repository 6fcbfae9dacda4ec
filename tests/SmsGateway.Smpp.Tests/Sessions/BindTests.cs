using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class BindTests
{
    [Fact]
    public async Task A_bind_goes_to_the_handler_and_its_answer_carries_the_same_number()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new BindRequest { Type = BindType.Transceiver, SystemId = "esme", Password = "secret" }, 77);
        var bind = await test.Handler.NextAsync<BindRequest>();
        Assert.Equal(("esme", "secret", 1), (bind.SystemId, bind.Password, test.Session.IncomingOutstanding));
        test.Session.SetBound(SessionState.BoundTransceiver);
        test.Session.Respond(bind, BindResponse.Accepted(BindType.Transceiver, "smsc"));
        var answer = await test.ReceiveAsync<BindResponse>();
        Assert.Equal((77u, "smsc", SessionState.BoundTransceiver), (answer.Sequence, answer.SystemId, test.Session.State));
        Assert.True(answer.Tlvs.TryGetByte(TlvTag.ScInterfaceVersion, out var version) && version == 0x34);
        Assert.Equal(0, test.Session.IncomingOutstanding);
    }

    [Fact]
    public async Task A_second_bind_is_answered_already_bound_also_while_the_first_is_unanswered()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 1);
        var bind = await test.Handler.NextAsync<BindRequest>();
        await test.SendAsync(new BindRequest { Type = BindType.Transmitter }, 2);
        var refused = await test.ReceiveAsync<BindResponse>();
        Assert.Equal((CommandStatus.AlreadyBound, 2u, CommandId.BindTransmitterResp), (refused.Status, refused.Sequence, refused.CommandId));
        test.Session.SetBound(SessionState.BoundReceiver);
        test.Session.Respond(bind, BindResponse.Accepted(BindType.Receiver, "smsc"));
        Assert.Equal(CommandStatus.Ok, (await test.ReceiveAsync<BindResponse>()).Status);
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 3);
        Assert.Equal(CommandStatus.AlreadyBound, (await test.ReceiveAsync<BindResponse>()).Status);
    }

    [Fact]
    public async Task A_refused_bind_may_be_tried_again()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 1);
        var first = await test.Handler.NextAsync<BindRequest>();
        test.Session.Respond(first, Refusal.Of(first.CommandId, CommandStatus.BindFailed));
        var answer = await test.ReceiveAsync<BindResponse>();
        Assert.Equal((CommandStatus.BindFailed, null), (answer.Status, answer.SystemId));
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 2);
        Assert.Equal(2u, (await test.Handler.NextAsync<BindRequest>()).Sequence);
    }

    [Fact]
    public async Task A_refusal_is_still_written_when_the_owner_closes_behind_it()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 1);
        var bind = await test.Handler.NextAsync<BindRequest>();
        test.Session.Respond(bind, Refusal.Of(bind.CommandId, CommandStatus.BindFailed));
        test.Session.Close(SessionEndReason.BindRefused);
        Assert.Equal(CommandStatus.BindFailed, (await test.ReceiveAsync<BindResponse>()).Status);
        await test.ReceiveEndAsync();
        Assert.Equal(SessionEndReason.BindRefused, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_client_is_bound_before_it_looks_at_what_stands_behind_the_bind_response()
    {
        await using var test = new SessionUnderTest(isServer: false);
        var binding = test.Session.RequestAsync(new BindRequest { Type = BindType.Receiver, SystemId = "us" }, CancellationToken.None).AsTask();
        var bind = await test.ReceiveAsync<BindRequest>();
        byte[] both =
        [
            .. Wires.Encode(BindResponse.Accepted(BindType.Receiver, "smsc"), bind.Sequence),
            .. Wires.Encode(new DeliverSm { SourceAddr = "447700900000" }, 9),
        ];
        await test.SendAsync(both);
        Assert.Equal(9u, (await test.Handler.NextAsync<DeliverSm>()).Sequence);
        Assert.Equal(CommandStatus.Ok, (await binding).Status);
        Assert.Equal(SessionState.BoundReceiver, test.Session.State);
    }

    [Fact]
    public async Task A_client_that_is_refused_stays_open()
    {
        await using var test = new SessionUnderTest(isServer: false);
        var binding = test.Session.RequestAsync(new BindRequest { Type = BindType.Receiver }, CancellationToken.None).AsTask();
        var bind = await test.ReceiveAsync<BindRequest>();
        await test.SendAsync(Refusal.Of(bind.CommandId, CommandStatus.InvalidPassword), bind.Sequence);
        Assert.Equal(CommandStatus.InvalidPassword, (await binding).Status);
        Assert.Equal(SessionState.Open, test.Session.State);
        Assert.False(test.Session.TrySend(new SubmitSm(), null));
    }

    [Fact]
    public async Task A_bound_state_cannot_be_set_twice()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver);
        Assert.Throws<InvalidOperationException>(() => test.Session.SetBound(SessionState.BoundTransceiver));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Session.SetBound(SessionState.Closed));
    }
}
