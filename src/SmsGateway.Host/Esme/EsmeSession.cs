using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// One connection of a customer, from accept to close: who bound, what is under way in both directions, and what is left at the
// end. The SMPP session does the protocol; this decides.
internal sealed partial class EsmeSession(
    EsmeFlow flow,
    EsmeBinds binds,
    EsmeLoad load,
    BindDirectory directory,
    CredentialCheck credentials,
    ConfigurationState configuration,
    HostMetrics metrics,
    SmppOptions options,
    TimeProvider time,
    EsmeLog log,
    IDisposable unbound) : ISmppSessionHandler
{
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EsmeBind? _bind;
    private IDisposable? _listing;

    /// <summary>Completes when the server wants this connection to unbind and go.</summary>
    public Task LeaveAsked => _leave.Task;

    /// <summary>The account bound here; null before the bind.</summary>
    public string? Account => Volatile.Read(ref _bind)?.Account.Name;

    /// <summary>Asks the client to go: nothing is offered to it from here on, the rest is <see cref="GoAsync"/>'s. Quick; any thread.</summary>
    public void Leave()
    {
        if (Volatile.Read(ref _bind) is { } bind)
        {
            bind.Account.Dismiss(bind);
        }

        _leave.TrySetResult();
    }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        switch (request)
        {
            case SubmitSm submit:
                Submit(session, submit);
                return ValueTask.CompletedTask;
            case BindRequest bind:
                return BindAsync(session, bind);
            default:
                session.Respond(request, Refusal.Of(request.CommandId, CommandStatus.InvalidCommandId));
                return ValueTask.CompletedTask;
        }
    }

    public void OnBatchRead(SmppSession session)
    {
    }

    // The session has answered it and said so in its log. A bind that cannot be read is a refused bind.
    public void OnBadPdu(SmppSession session, PduBodyException fault)
    {
        if (fault.Pdu.CommandId is CommandId.BindTransmitter or CommandId.BindReceiver or CommandId.BindTransceiver && Account is null)
        {
            session.Close(SessionEndReason.BindRefused);
        }
    }

    /// <summary>The session has ended and no callback comes any more: gives back what the client never answered.</summary>
    public void Ended(SmppSession session, SessionEnd end)
    {
        unbound.Dispose();
        if (_bind is not { } bind)
        {
            return;
        }

        _listing?.Dispose(); // before the number is free for the next bind
        bind.Account.Remove(bind);
        var returned = 0;
        foreach (var lost in end.Lost)
        {
            returned += GiveBack(lost) ? 1 : 0;
        }

        log.Ended(bind.Name, session.RemoteEndPoint, end.Reason, returned);
    }
}
