using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class PermissionsTests
{
    // The table of SMPP 3.4, 2.3: states in which the ESME, and the SMSC, may send each. O open, T, R, X transceiver.
    [Theory]
    [InlineData(CommandId.BindTransmitter, "O", "")]
    [InlineData(CommandId.BindReceiver, "O", "")]
    [InlineData(CommandId.BindTransceiver, "O", "")]
    [InlineData(CommandId.Outbind, "", "O")]
    [InlineData(CommandId.Unbind, "TRX", "TRX")]
    [InlineData(CommandId.SubmitSm, "TX", "")]
    [InlineData(CommandId.SubmitMulti, "TX", "")]
    [InlineData(CommandId.QuerySm, "TX", "")]
    [InlineData(CommandId.CancelSm, "TX", "")]
    [InlineData(CommandId.DeliverSm, "", "RX")]
    [InlineData(CommandId.AlertNotification, "", "RX")]
    [InlineData(CommandId.DataSm, "TRX", "TRX")]
    public void Who_may_send_what_is_the_table_of_the_specification(CommandId command, string esme, string smsc)
    {
        foreach (var (letter, state) in new[]
        {
            ('O', SessionState.Open), ('T', SessionState.BoundTransmitter), ('R', SessionState.BoundReceiver), ('X', SessionState.BoundTransceiver),
        })
        {
            Assert.Equal(esme.Contains(letter, StringComparison.Ordinal), Permissions.PeerMaySend(command, state, weAreServer: true));
            Assert.Equal(smsc.Contains(letter, StringComparison.Ordinal), Permissions.PeerMaySend(command, state, weAreServer: false));
        }
    }

    [Fact]
    public async Task A_message_before_the_bind_is_answered_wrong_bind_status_and_the_handler_never_sees_it()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new SubmitSm(), 5);
        var refused = await test.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((CommandStatus.InvalidBindStatus, 5u), (refused.Status, refused.Sequence));
        Assert.Empty(test.Handler.Everything);
    }

    [Fact]
    public async Task A_message_on_a_receiver_and_a_delivery_to_a_server_are_answered_wrong_bind_status()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver);
        await test.SendAsync(new SubmitSm(), 5);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<SubmitSmResp>()).Status);
        await test.SendAsync(new DeliverSm(), 6);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<DeliverSmResp>()).Status);
    }

    [Fact]
    public async Task A_client_refuses_what_only_a_client_may_send()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver);
        await test.SendAsync(new SubmitSm(), 5);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<SubmitSmResp>()).Status);
        await test.SendAsync(new BindRequest { Type = BindType.Receiver }, 6);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<BindResponse>()).Status);
        await test.SendAsync(new DeliverSm(), 7);
        Assert.Equal(7u, (await test.Handler.NextAsync<DeliverSm>()).Sequence);
    }

    [Fact]
    public async Task A_delivery_to_a_transmitter_is_answered_wrong_bind_status()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        await test.SendAsync(new DeliverSm(), 5);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<DeliverSmResp>()).Status);
    }

    [Fact]
    public async Task An_unbind_before_the_bind_is_answered_wrong_bind_status()
    {
        await using var test = new SessionUnderTest(isServer: true);
        await test.SendAsync(new Unbind(), 5);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await test.ReceiveAsync<UnbindResp>()).Status);
    }
}
