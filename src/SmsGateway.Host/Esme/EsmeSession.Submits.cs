using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

internal sealed partial class EsmeSession
{
    // Twice the window is still taken; beyond that a client is answered at once, and reading never stops, because responses and
    // enquire_link come on the same socket.
    private const int WindowsTaken = 2;
    private readonly InFlightCount _submits = new();

    private void Submit(SmppSession session, SubmitSm request)
    {
        var bind = _bind!; // a submit_sm before the bind never gets here
        if (_isOver)
        {
            Refuse(session, request, bind, CommandStatus.SystemError, "draining", "the client did not answer the unbind");
            return;
        }

        if (_submits.Count >= WindowsTaken * bind.Window)
        {
            Refuse(session, request, bind, CommandStatus.Throttled, "window", "more than twice the window is unanswered");
            return;
        }

        if (!configuration.Current.Accounts.TryGetValue(bind.Account.Name, out var account) || !account.Enabled)
        {
            Refuse(session, request, bind, CommandStatus.SystemError, "account", "the account is disabled, the bind is about to end");
            Leave(); // disabled while it was binding, else the server has asked already
            return;
        }

        var reading = SubmitReader.Read(request, account, time.GetUtcNow());
        if (reading.Submission is not { } submission)
        {
            Refuse(session, request, bind, reading.Status, "invalid", reading.Fault);
            return;
        }

        if (!load.Submits.TryEnter(options.MaxOutstandingPerNode))
        {
            Refuse(session, request, bind, CommandStatus.MessageQueueFull, "node_full", "the node has as many submits under way as it may");
            return;
        }

        _submits.TryEnter(int.MaxValue);
        var underWay = new SubmitInFlight(this, session, request);
        try
        {
            underWay.Await(flow.Submit(submission, CancellationToken.None));
        }
        catch (Exception error)
        {
            Failed(underWay, error);
        }
    }

    /// <summary>The verdict is there; OK is written only with the id that came with it.</summary>
    public void Answer(SubmitInFlight submit, in AcceptanceResult result)
    {
        var status = AcceptanceStatus.Of(result.Kind);
        End(submit, status == CommandStatus.Ok
            ? new SubmitSmResp { MessageId = result.Id.ToString() }
            : new SubmitSmResp { Status = status });
    }

    /// <summary>Nobody knows what became of it: the client may try again.</summary>
    public void Failed(SubmitInFlight submit, Exception error)
    {
        log.SubmitFailed(_bind!.Name, error);
        End(submit, new SubmitSmResp { Status = CommandStatus.SystemError });
    }

    private void End(SubmitInFlight submit, SubmitSmResp response)
    {
        submit.Session.Respond(submit.Request, response);
        _submits.Exit();
        load.Submits.Exit();
    }

    private void Refuse(SmppSession session, SubmitSm request, EsmeBind bind, CommandStatus status, string word, string fault)
    {
        metrics.Submission("smpp", bind.Account.Name, word);
        log.SubmitRefused(bind.Name, status, fault);
        session.Respond(request, new SubmitSmResp { Status = status });
    }
}
