using SmsGateway.Simulator.Behaviour;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Simulator.Carrier;

// One connection of the gateway to this carrier, from TCP accept to its end. Its calls come from the session's read loop.
internal sealed class CarrierBind(CarrierRooms rooms, int number, Action abort) : ISmppSessionHandler
{
    private readonly List<DelayedAnswer> _unordered = [];
    private bool _pumpDue;

    /// <summary>Its name, <c>carrier-a#3</c>.</summary>
    public string Name { get; } = $"{rooms.Options.Name}#{number}";

    public int Number => number;

    public SmppSession Session { get; set; } = null!;

    public BindType Type { get; private set; }

    public DateTimeOffset BoundAt { get; private set; }

    /// <summary>Submits so far; under the submit desk's lock.</summary>
    public long Submits { get; set; }

    public bool Receives => Type is BindType.Receiver or BindType.Transceiver;

    public async ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (rooms.Reading.Closed)
            await rooms.Reading.WaitAsync(ct);
        switch (request)
        {
            case SubmitSm submit:
                Submit(submit);
                break;
            case BindRequest bind:
                Bind(bind);
                break;
        }
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response)
    {
        if (request.Context is Receipt receipt)
            rooms.Receipts.Answered(receipt, response.Status);
        else if (request.Context is MoOffer offer)
            offer.Answered(response.Status, request.Overdue);
    }

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
        if (request.Context is Receipt receipt)
        {
            rooms.Receipts.Unanswered(receipt);
            rooms.Receipts.Pump();
        }
        else if (request.Context is MoOffer offer)
        {
            offer.TimedOut();
        }
    }

    public void OnBatchRead(SmppSession session)
    {
        if (_unordered.Count > 0)
        {
            rooms.Submits.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unordered));
            foreach (DelayedAnswer answer in _unordered)
                answer.Run();
            _unordered.Clear();
        }

        if (_pumpDue)
        {
            _pumpDue = false;
            rooms.Receipts.Pump();
        }
    }

    public void OnBadPdu(SmppSession session, PduBodyException fault) => rooms.Log.BadPdu(Name, fault.Message);

    /// <summary>Writes the response of a decided submit and notes that.</summary>
    public void Answer(SubmitSm request, SubmitVerdict verdict)
    {
        bool ok = verdict.Status == CommandStatus.Ok;
        var response = new SubmitSmResp { Status = verdict.Status, MessageId = ok ? verdict.Id : null };
        // Noted first: a journal read after the gateway has the response must show it answered.
        Interlocked.Increment(ref ok ? ref verdict.Journal.Counts.AnsweredOk : ref verdict.Journal.Counts.AnsweredError);
        if (verdict.Index >= 0)
            verdict.Journal[verdict.Index].AnsweredAt = rooms.Time.GetUtcNow().Ticks;
        Session.Respond(request, response);
        if (verdict.Twice)
            Session.Respond(request, response);
    }

    /// <summary>Cuts the connection, nothing said.</summary>
    public void Cut()
    {
        abort();
        Session.Close(SessionEndReason.TransportError);
    }

    /// <summary>After the session: what it leaves unanswered goes elsewhere.</summary>
    public void Ended(SessionEnd end)
    {
        rooms.Binds.Remove(this);
        rooms.Log.BindEnded(Name, end.Reason, end.Lost.Count);
        foreach (PendingRequest lost in end.Lost)
        {
            if (lost.Context is Receipt receipt && !lost.Overdue)
                rooms.Receipts.Unanswered(receipt);
            else if (lost.Context is MoOffer offer)
                offer.BindLost();
        }

        rooms.Receipts.Pump();
    }

    private void Bind(BindRequest bind)
    {
        CarrierBehaviour behaviour = rooms.Behaviour.Current;
        bool known = bind.SystemId == rooms.Options.SystemId && bind.Password == rooms.Options.Password;
        uint status = behaviour.RefuseBinds != 0 ? behaviour.RefuseBinds : known ? 0 : (uint)CommandStatus.BindFailed;
        if (status != 0)
        {
            rooms.Log.BindRefused(Name, status);
            Session.Respond(bind, new BindResponse { Type = bind.Type, Status = (CommandStatus)status });
            Session.Close(SessionEndReason.BindRefused);
            return;
        }

        Type = bind.Type;
        BoundAt = rooms.Time.GetUtcNow();
        Session.SetBound(bind.Type switch
        {
            BindType.Transmitter => SessionState.BoundTransmitter,
            BindType.Receiver => SessionState.BoundReceiver,
            _ => SessionState.BoundTransceiver,
        });
        Session.Respond(bind, BindResponse.Accepted(bind.Type, rooms.SystemIdOfSmsc));
        rooms.Log.Bound(Name, bind.Type);
        if (behaviour.DisconnectAfterMs > 0)
            rooms.Wheel.TryAdd(new DelayedCut(this), behaviour.DisconnectAfterMs);
        rooms.Binds.Add(this);
        _pumpDue = true;
    }

    private void Submit(SubmitSm submit)
    {
        SubmitVerdict verdict = rooms.Submits.Decide(submit, this);
        if (verdict.Answer)
            AnswerInTime(submit, verdict);
        if (verdict.FinalState != 0)
        {
            rooms.Receipts.AddAll(rooms, submit, verdict);
            _pumpDue = true;
        }

        if (verdict.Cut)
            Cut();
    }

    private void AnswerInTime(SubmitSm submit, SubmitVerdict verdict)
    {
        if (verdict.AnswerDelayMs > 0 && rooms.Wheel.TryAdd(new DelayedAnswer(this, submit, verdict), verdict.AnswerDelayMs))
            return;
        if (rooms.Behaviour.Current.AnswersOutOfOrder)
            _unordered.Add(new DelayedAnswer(this, submit, verdict));
        else
            Answer(submit, verdict);
    }
}
