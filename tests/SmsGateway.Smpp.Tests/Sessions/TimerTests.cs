using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class TimerTests
{
    [Fact]
    public async Task A_connection_that_never_binds_is_closed()
    {
        await using var test = new SessionUnderTest(isServer: true);
        test.Advance(30);
        Assert.Equal(SessionEndReason.BindTimeout, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_quiet_peer_is_asked_and_its_answer_keeps_the_session()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver);
        for (var i = 0; i < 5; i++)
        {
            test.Advance(30);
            var asked = await test.ReceiveAsync<EnquireLink>();
            await test.SendAsync([.. Wires.Encode(new EnquireLinkResp(), asked.Sequence), .. Wires.Encode(new EnquireLink(), 9)]);
            await test.ReceiveAsync<EnquireLinkResp>();
        }

        Assert.Equal((SessionState.BoundReceiver, 0), (test.Session.State, test.Session.UnmatchedResponses));
        Assert.Empty(test.Handler.Everything.OfType<RecordingHandler.Late>());
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_enquire_link_is_dropped()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver);
        Assert.True(test.Session.TrySend(new DeliverSm(), "lost"));
        await test.ReceiveAsync<DeliverSm>();
        test.Advance(30);
        Assert.Equal("lost", (await test.Handler.NextAsync<RecordingHandler.Late>()).Request.Context);
        await test.ReceiveAsync<EnquireLink>();
        test.Advance(30);
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.EnquireLinkTimeout, end.Reason);
        Assert.Equal("lost", Assert.Single(end.Lost).Context);
    }

    [Fact]
    public async Task Without_enquire_link_inactivity_ends_the_session()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver, o => o.EnquireLinkInterval = TimeSpan.Zero);
        test.Advance(120);
        Assert.Equal(SessionEndReason.Inactivity, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task A_peer_that_drips_octets_proves_no_life()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Receiver);
        test.Advance(29);
        await test.SendAsync(0, 0, 0);
        test.Advance(1);
        await test.ReceiveAsync<EnquireLink>();
    }
}
