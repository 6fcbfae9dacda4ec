using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Wire;
using SmsGateway.TestKit;

namespace SmsGateway.Smpp.Tests.Wire;

public class StreamTransportTests
{
    [Fact]
    public async Task Two_sessions_talk_over_tcp_and_unbind()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var accepting = listener.AcceptSocketAsync();
        await using var near = await StreamTransport.ConnectAsync(
            "127.0.0.1", port, new StreamTransportSettings { UserTimeout = TimeSpan.FromSeconds(10) }, CancellationToken.None);
        await using var far = new StreamTransport(await accepting);

        var answering = new RecordingHandler
        {
            Request = (session, request, _) =>
            {
                if (request is BindRequest bind)
                    session.SetBound(Permissions.StateOf(bind.Type));
                session.Respond(request, request is BindRequest of ? BindResponse.Accepted(of.Type, "smsc") : new SubmitSmResp { MessageId = "m" });
                return default;
            },
        };
        var asking = new RecordingHandler();
        var server = new SmppSession(far, new SmppSessionOptions { IsServer = true }, answering, TimeProvider.System, NullLogger.Instance);
        var client = new SmppSession(near, new SmppSessionOptions(), asking, TimeProvider.System, NullLogger.Instance);
        var serving = server.RunAsync(CancellationToken.None);
        var running = client.RunAsync(CancellationToken.None);

        var bound = await client.RequestAsync(new BindRequest { Type = BindType.Transmitter, SystemId = "esme" }, CancellationToken.None);
        Assert.Equal(CommandStatus.Ok, bound.Status);
        Assert.True(client.TrySend(new SubmitSm { ShortMessage = new byte[200] }, "one"));
        Assert.Equal("one", (await asking.NextAsync<RecordingHandler.Answered>()).Request.Context);
        await client.UnbindAsync(CancellationToken.None);
        Assert.Equal(SessionEndReason.Unbound, (await running.WaitAsync(Eventually.DefaultTimeout)).Reason);
        Assert.Equal(SessionEndReason.PeerUnbound, (await serving.WaitAsync(Eventually.DefaultTimeout)).Reason);
    }

    [Fact]
    public async Task A_session_over_tcp_stops_while_nothing_is_read_or_written()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var peer = new TcpClient();
        var accepting = listener.AcceptSocketAsync();
        await peer.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        await using var transport = new StreamTransport(await accepting);
        using var stopping = new CancellationTokenSource();
        var session = new SmppSession(
            transport, new SmppSessionOptions { IsServer = true }, new RecordingHandler(), TimeProvider.System, NullLogger.Instance);
        var running = session.RunAsync(stopping.Token);
        await stopping.CancelAsync();
        Assert.Equal(SessionEndReason.Stopped, (await running.WaitAsync(Eventually.DefaultTimeout)).Reason);
    }
}
