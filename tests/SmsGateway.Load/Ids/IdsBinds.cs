using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Load.Run;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Load.Ids;

// Plain binds for mode "ids": no resending, receipts are acknowledged and forgotten.
internal sealed class IdsBinds : ISmppSessionHandler, IAsyncDisposable
{
    private readonly List<SmppSession> _sessions = [];
    private readonly List<StreamTransport> _transports = [];
    private readonly List<Task> _running = [];

    public IReadOnlyList<SmppSession> Sessions => _sessions;

    public async Task OpenAsync(IReadOnlyList<DnsEndPoint> targets, int count, string account, string password, TimeProvider time, CancellationToken ct)
    {
        for (int i = 0; i < count; i++)
        {
            DnsEndPoint target = targets[i % targets.Count];
            StreamTransport transport = await StreamTransport.ConnectAsync(target.Host, target.Port, null, ct);
            _transports.Add(transport);
            var session = new SmppSession(transport, new SmppSessionOptions { WindowSize = 1000 }, this, time, NullLogger.Instance);
            _sessions.Add(session);
            _running.Add(session.RunAsync(CancellationToken.None));
            Pdu answer = await session.RequestAsync(new BindRequest { Type = BindType.Transceiver, SystemId = account, Password = password }, ct);
            if (answer.Status != CommandStatus.Ok)
                throw new LoadFailure($"{target.Host}:{target.Port}: bind refused with 0x{(uint)answer.Status:X2}");
        }
    }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (request is DeliverSm)
            session.Respond(request, new DeliverSmResp());
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

    public void OnBadPdu(SmppSession session, PduBodyException fault)
    {
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Task.WhenAll(_sessions.Select(session => session.UnbindAsync(patience.Token)));
        await Task.WhenAll(_running);
        foreach (StreamTransport transport in _transports)
            await transport.DisposeAsync();
    }
}
