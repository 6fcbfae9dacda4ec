using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Tests.Carriers;

// A carrier's SMSC on a loopback port, in the server role of the real session. It does what its script says and keeps what
// it saw. The script answers a submit with a PDU, or null for silence.
internal sealed class ScriptedSmsc : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly ConcurrentDictionary<SmppSession, Task> _sessions = new();
    private readonly Task _accepting;
    private int _ids;

    public ScriptedSmsc()
    {
        _listener.Start();
        Script = (_, _) => Ok();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Func<SmppSession, SubmitSm, Pdu?> Script { get; set; }

    public CommandStatus BindStatus { get; set; }

    /// <summary>Every submit_sm in order of arrival, whoever was answered what.</summary>
    public ConcurrentQueue<(SubmitSm Pdu, SmppSession Session, long At)> Submits { get; } = new();

    /// <summary>Submits that got no answer yet.</summary>
    public ConcurrentQueue<(SmppSession Session, SubmitSm Pdu)> Unanswered { get; } = new();

    public ConcurrentQueue<BindRequest> BindRequests { get; } = new();

    public ConcurrentQueue<(DeliverSm Sent, Pdu Response)> Responses { get; } = new();

    public ICollection<SmppSession> Sessions => _sessions.Keys;

    /// <summary>The most submits of one session that were unanswered at one time.</summary>
    public int DeepestWindow { get; private set; }

    public SubmitSmResp Ok() => new() { MessageId = $"id-{Interlocked.Increment(ref _ids)}" };

    public static SubmitSmResp Refusal(CommandStatus status) => new() { Status = status };

    public void AnswerAll(Func<Pdu>? answer = null)
    {
        while (Unanswered.TryDequeue(out var waiting))
        {
            waiting.Session.Respond(waiting.Pdu, answer?.Invoke() ?? Ok());
        }
    }

    public bool Deliver(DeliverSm pdu) => Sessions.First(session => session.State is SessionState.BoundReceiver or SessionState.BoundTransceiver).TrySend(pdu, pdu);

    public void DropAll()
    {
        foreach (var session in Sessions)
        {
            session.Close(SessionEndReason.TransportError);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions.Values);
        _connections.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = _connections.Create(await _listener.AcceptSocketAsync(_stopping.Token));
                var options = new SmppSessionOptions { IsServer = true, WindowSize = 1_000 };
                var session = new SmppSession(connection.Transport, options, new Handler(this), TimeProvider.System, NullLogger.Instance);
                _sessions[session] = ServeAsync(session, connection);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(SmppSession session, ConnectionContext connection)
    {
        await Task.Yield();
        await session.RunAsync(_stopping.Token);
        await connection.DisposeAsync();
        _sessions.TryRemove(session, out _);
    }

    private sealed class Handler(ScriptedSmsc smsc) : ISmppSessionHandler
    {
        public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
        {
            switch (request)
            {
                case BindRequest bind:
                    smsc.BindRequests.Enqueue(bind);
                    if (smsc.BindStatus == CommandStatus.Ok)
                    {
                        session.SetBound(bind.Type switch
                        {
                            BindType.Transmitter => SessionState.BoundTransmitter,
                            BindType.Receiver => SessionState.BoundReceiver,
                            _ => SessionState.BoundTransceiver,
                        });
                        session.Respond(bind, BindResponse.Accepted(bind.Type, "smsc"));
                    }
                    else
                    {
                        session.Respond(bind, new BindResponse { Type = bind.Type, Status = smsc.BindStatus });
                    }

                    break;
                case SubmitSm submit:
                    smsc.DeepestWindow = Math.Max(smsc.DeepestWindow, session.IncomingOutstanding);
                    var answer = smsc.Script(session, submit);
                    if (answer is null)
                    {
                        smsc.Unanswered.Enqueue((session, submit));
                    }

                    smsc.Submits.Enqueue((submit, session, TimeProvider.System.GetTimestamp()));
                    if (answer is not null)
                    {
                        session.Respond(submit, answer);
                    }

                    break;
                default:
                    break;
            }

            return default;
        }

        public void OnResponse(SmppSession session, PendingRequest request, Pdu response) => smsc.Responses.Enqueue(((DeliverSm)request.Context!, response));

        public void OnOverdue(SmppSession session, PendingRequest request)
        {
        }

        public void OnBatchRead(SmppSession session)
        {
        }

        public void OnBadPdu(SmppSession session, PduBodyException fault)
        {
        }
    }
}
