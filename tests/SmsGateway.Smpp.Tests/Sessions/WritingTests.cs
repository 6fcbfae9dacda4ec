using System.Buffers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.TestKit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class WritingTests
{
    // More than a pipe of 64 KiB takes before its writer has to wait.
    private static readonly SubmitSm Large = new() { Tlvs = [new Tlv(TlvTag.MessagePayload, new byte[65_000])] };

    [Fact]
    public async Task Responses_go_ahead_of_requests_that_were_queued_before_them()
    {
        await using var test = await BlockedWriterAsync();
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "queued" }, null));
        await test.SendAsync(new EnquireLink(), 77);
        await test.SendAsync(new DeliverSm(), 78);
        test.Session.Respond(await test.Handler.NextAsync<DeliverSm>(), new DeliverSmResp());
        await test.ReceiveAsync<SubmitSm>(); // the two that block the writer
        await test.ReceiveAsync<SubmitSm>();
        Assert.Equal(77u, (await test.ReceiveAsync<EnquireLinkResp>()).Sequence);
        Assert.Equal(78u, (await test.ReceiveAsync<DeliverSmResp>()).Sequence);
        Assert.Equal("queued", (await test.ReceiveAsync<SubmitSm>()).SourceAddr);
    }

    [Fact]
    public async Task A_peer_that_sends_and_never_reads_is_closed()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transceiver, o => o.MaxOutgoingBytes = 4096);
        var flood = new ArrayBufferWriter<byte>();
        for (uint i = 1; i <= 8192; i++)
            flood.Write(Wires.Encode(new EnquireLink(), i));
        await test.SendAsync(flood.WrittenSpan.ToArray());
        Assert.Equal(SessionEndReason.OutgoingFull, (await test.EndAsync()).Reason);
    }

    [Fact]
    public async Task Requests_beyond_the_limit_are_not_taken_and_the_session_stays()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver, o =>
        {
            o.MaxOutgoingBytes = 100_000;
            o.WindowSize = 100;
        });
        var taken = 0;
        while (taken < 100 && test.Session.TrySend(Large, taken))
            taken++;
        Assert.InRange(taken, 1, 4);
        Assert.Equal(taken, test.Session.Outstanding);
        for (var i = 0; i < taken; i++)
            await test.ReceiveAsync<SubmitSm>();
        await Eventually.TrueAsync(() => test.Session.TrySend(new SubmitSm(), null), "there is room again");
    }

    [Fact]
    public async Task What_never_reached_the_transport_is_told_from_what_did()
    {
        await using var test = await BlockedWriterAsync();
        Assert.True(test.Session.TrySend(new SubmitSm(), "stayed"));
        test.Session.Close(SessionEndReason.EnquireLinkTimeout); // abrupt: nothing more is written
        var end = await test.EndAsync();
        Assert.Equal([(1, true), (2, true), ((object)"stayed", false)], end.Lost.Select(lost => (lost.Context!, lost.ReachedTransport)));
    }

    [Fact]
    public async Task An_orderly_end_waits_for_a_slow_peer_only_so_long()
    {
        await using var test = await BlockedWriterAsync();
        test.Session.Close(SessionEndReason.Stopped);
        var end = test.EndAsync();
        await Eventually.TrueAsync(() => test.Time.ActiveTimers == 1, "the session lingers");
        Assert.False(end.IsCompleted);
        test.Advance(5);
        Assert.Equal(SessionEndReason.Stopped, (await end).Reason);
    }

    [Fact]
    public async Task A_thousand_answers_given_on_the_spot_all_leave()
    {
        await using var test = await SessionUnderTest.BoundServerAsync(BindType.Transmitter);
        test.Handler.Request = (session, request, _) =>
        {
            session.Respond(request, new SubmitSmResp { MessageId = "x" });
            return default;
        };
        var all = new ArrayBufferWriter<byte>();
        for (uint i = 1; i <= 1000; i++)
            all.Write(Wires.Encode(new SubmitSm(), i));
        await test.SendAsync(all.WrittenSpan.ToArray());
        for (uint i = 1; i <= 1000; i++)
            Assert.Equal(i, (await test.ReceiveAsync<SubmitSmResp>()).Sequence);
    }

    // Two large requests are with the transport, which has no room for more.
    private static async Task<SessionUnderTest> BlockedWriterAsync()
    {
        var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver);
        Assert.True(test.Session.TrySend(Large, 1));
        Assert.True(test.Session.TrySend(Large, 2));

        // All of both is in the pipe when it holds more than 130,000 octets; look without taking any.
        var look = await test.PeerInput.ReadAtLeastAsync(65_000);
        test.PeerInput.AdvanceTo(look.Buffer.Start);
        await Eventually.TrueAsync(
            () =>
            {
                if (!test.PeerInput.TryRead(out var read))
                    return false;
                test.PeerInput.AdvanceTo(read.Buffer.Start);
                return read.Buffer.Length > 130_000;
            },
            "both requests are in the pipe");
        return test;
    }
}
