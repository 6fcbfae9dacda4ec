using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Load.Bench;

// The protocol library as a server with nothing behind it: takes every bind, answers every submit_sm with a counter. For LP.
internal sealed class ProtocolServer : ISmppSessionHandler, IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TimeProvider _time;
    private long _ids;

    public ProtocolServer(TimeProvider time)
    {
        _time = time;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Serves until the token says stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await _listener.AcceptAsync(stopping), stopping));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (request is SubmitSm)
        {
            long id = Interlocked.Increment(ref _ids);
            session.Respond(request, new SubmitSmResp { MessageId = id.ToString(CultureInfo.InvariantCulture) });
        }
        else if (request is BindRequest bind)
        {
            session.SetBound(SessionState.BoundTransceiver);
            session.Respond(bind, BindResponse.Accepted(bind.Type, "bench"));
        }

        return ValueTask.CompletedTask;
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response)
    {
    }

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
    }

    public void OnBatchRead(SmppSession session)
    {
    }

    public void OnBadPdu(SmppSession session, PduBodyException fault) => Console.Error.WriteLine(fault.Message);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        await using var transport = new StreamTransport(socket);
        var session = new SmppSession(transport, new SmppSessionOptions { IsServer = true, MaxOutgoingBytes = 16 << 20 }, this, _time, NullLogger.Instance);
        await session.RunAsync(stopping);
    }
}
