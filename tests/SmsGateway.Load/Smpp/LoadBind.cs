using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Load.Smpp;

// One bind of the client, as the model service asks of its clients: connects, binds, keeps its window full, answers deliver_sm at once. Asked to
// unbind it sends nothing more, waits for its answers, and says yes. When it is lost it hands over what is unanswered and binds again, ever later.
internal sealed class LoadBind(SmppLoadRun run, int index, int node) : ISmppSessionHandler
{
    private readonly DnsEndPoint _target = run.Options.Targets[node];
    private readonly Lock _filling = new();
    private volatile SmppSession? _session;
    private int _failures;

    public bool Bound => _session is { State: not (SessionState.Unbinding or SessionState.Closed) };

    /// <summary>Binds again and again until told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await OnceAsync(stopping);
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException or SessionEndedException)
            {
                run.BindFailed(_target, e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await run.PauseAsync(Pause(), stopping);
        }
    }

    /// <summary>Sends as much as the window takes, or one. Any thread.</summary>
    /// <returns>Whether anything was sent.</returns>
    public bool Fill(bool one = false)
    {
        if (_session is not { } session || !Bound || !run.Started)
            return false;
        bool alone = run.BoundCount <= 1;
        bool sent = false;
        lock (_filling)
        {
            while (Bound && session.FreeWindow > 0 && !(one && sent))
            {
                int number = run.Queue.Take(index, alone);
                if (number < 0)
                    return sent;
                bool isFirst = run.Messages.Sending(number);
                if (session.TrySend(run.Maker.Make(number), number))
                {
                    sent = true;
                    if (isFirst && run.Options.CopyEvery > 0 && number % run.Options.CopyEvery == 0)
                        run.Queue.Copy(number, index);
                }
                else
                {
                    run.Messages.NotSent(number);
                    run.Queue.Again(number, -1);
                    return sent;
                }
            }
        }

        return sent;
    }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (request is DeliverSm deliver)
        {
            session.Respond(request, new DeliverSmResp());
            run.Delivered(deliver);
        }

        return ValueTask.CompletedTask;
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response) => run.Answered((int)request.Context!, node, response);

    public void OnOverdue(SmppSession session, PendingRequest request) => run.Queue.Again((int)request.Context!, index);

    public void OnBatchRead(SmppSession session) => FillUnlessPaced();

    public void OnBadPdu(SmppSession session, PduBodyException fault) => run.BindFailed(_target, $"bad PDU: {fault.Message}");

    /// <summary>Unbinds in order, if bound.</summary>
    public Task UnbindAsync(CancellationToken ct) => _session?.UnbindAsync(ct) ?? Task.CompletedTask;

    // At a rate below what the nodes take, whoever asks first would get everything: then the pulse deals it out.
    private void FillUnlessPaced()
    {
        if (run.Options.Rate == 0)
            Fill();
    }

    private TimeSpan Pause()
    {
        TimeSpan pause = run.Options.RebindAfter * (1 << Math.Min(_failures++, 10));
        TimeSpan longest = run.Options.RebindAfter > run.Options.RebindMax ? run.Options.RebindAfter : run.Options.RebindMax;
        return pause < longest ? pause : longest;
    }

    private async Task OnceAsync(CancellationToken stopping)
    {
        await using StreamTransport transport = await StreamTransport.ConnectAsync(_target.Host, _target.Port, null, stopping);
        var options = new SmppSessionOptions
        {
            WindowSize = run.Options.Window,
            ResponseTimeout = run.Options.ResponseTimeout,
            UnbindPatience = run.Options.ResponseTimeout,
            MaxOutgoingBytes = 8 << 20,
        };
        var session = new SmppSession(transport, options, this, run.Time, NullLogger.Instance);
        Task<SessionEnd> running = session.RunAsync(stopping);
        try
        {
            var bind = new BindRequest { Type = BindType.Transceiver, SystemId = run.Options.Account, Password = run.Options.Password };
            Pdu answer = await session.RequestAsync(bind, stopping);
            if (answer.Status == CommandStatus.Ok)
            {
                _session = session;
                _failures = 0;
                run.BindUp();
                FillUnlessPaced();
            }
            else
            {
                run.BindFailed(_target, $"bind refused with 0x{(uint)answer.Status:X2}");
                session.Close(SessionEndReason.BindRefused);
            }
        }
        finally
        {
            if (_session is null)
                session.Close(SessionEndReason.Stopped);
            SessionEnd end = await running;
            if (Interlocked.Exchange(ref _session, null) is not null)
                run.BindLost(end.Reason);
            foreach (PendingRequest lost in end.Lost)
            {
                if (!lost.Overdue)
                    run.Queue.Again((int)lost.Context!, index);
            }
        }
    }
}
