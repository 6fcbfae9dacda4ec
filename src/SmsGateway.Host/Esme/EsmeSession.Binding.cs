using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

internal sealed partial class EsmeSession
{
    // The read loop of this one connection waits for the password check; there is nothing else for it to read before the bind.
    private async ValueTask BindAsync(SmppSession session, BindRequest request)
    {
        if (!flow.Accepts())
        {
            Refuse(session, request, CommandStatus.SystemError, $"the node takes no binds: {flow.Word()}");
            return;
        }

        if (configuration.Current.Version == 0)
        {
            Refuse(session, request, CommandStatus.SystemError, "the node has not read its configuration yet");
            return;
        }

        var login = await credentials.CheckAsync(request.SystemId, request.Password);
        if (login.Verdict == CredentialVerdict.Busy)
        {
            Refuse(session, request, CommandStatus.SystemError, "too many passwords are being checked");
            return;
        }

        if (login.Account is not { Enabled: true, Smpp.Enabled: true } account)
        {
            Refuse(session, request, CommandStatus.BindFailed, login.Account is null ? "unknown system_id or wrong password" : "SMPP is not enabled");
            return;
        }

        var bind = binds.TryAdd(account, request.Type, session);
        if (bind is null)
        {
            Refuse(session, request, CommandStatus.AlreadyBound, "the account has as many binds on this node as it may");
            return;
        }

        unbound.Dispose();
        Volatile.Write(ref _bind, bind);
        if (!(configuration.Current.Accounts.TryGetValue(account.Name, out var now) && now is { Enabled: true, Smpp.Enabled: true }))
        {
            // Disabled while its password was checked. From here on the server sees it with each new configuration.
            Refuse(session, request, CommandStatus.BindFailed, "the account was disabled meanwhile");
            return;
        }

        _listing = directory.Add(Listing(bind));
        log.Bound(bind.Name, bind.Type, session.RemoteEndPoint);

        // State first, answer second, deliveries last: nothing can overtake the answer.
        session.SetBound(StateOf(request.Type));
        session.Respond(request, BindResponse.Accepted(request.Type, options.SystemId));
        bind.Account.Open(bind);
    }

    private void Refuse(SmppSession session, BindRequest request, CommandStatus status, string reason)
    {
        log.BindRefused(request.SystemId, session.RemoteEndPoint, status, reason);
        session.Respond(request, Refusal.Of(request.CommandId, status));
        session.Close(SessionEndReason.BindRefused);
    }

    private BindListing Listing(EsmeBind bind) => new()
    {
        Name = bind.Name,
        Side = BindSide.Account,
        Party = bind.Account.Name,
        Type = bind.Type switch { BindType.Transmitter => "TX", BindType.Receiver => "RX", _ => "TRX" },
        Remote = bind.Session.RemoteEndPoint ?? "",
        Since = time.GetUtcNow(),
        Window = bind.Window,
        Outstanding = () => bind.Unanswered,
        IncomingOutstanding = () => _submits.Count,
    };

    private static SessionState StateOf(BindType type) => type switch
    {
        BindType.Transmitter => SessionState.BoundTransmitter,
        BindType.Receiver => SessionState.BoundReceiver,
        _ => SessionState.BoundTransceiver,
    };
}
