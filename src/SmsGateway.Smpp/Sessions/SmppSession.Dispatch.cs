using System.Buffers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Sessions;

// What one PDU of the peer leads to: the session's own business is done here, the rest goes to the handler.
public sealed partial class SmppSession
{
    private long _unmatched;
    private bool _slotFreed;
    private Pdu? _peerUnbind;
    private long _peerUnbindAt;
    private bool _followedUnbind;
    private bool _unbindAnswered;
    private long _unbindAnsweredAt;

    private ValueTask DispatchAsync(in ReadOnlySequence<byte> frame)
    {
        Pdu pdu;
        try
        {
            pdu = PduCodec.Decode(frame);
        }
        catch (PduBodyException fault)
        {
            return OnBadBody(fault);
        }

        if (pdu.IsResponse)
        {
            OnResponse(pdu);
            return default;
        }

        // After the end is decided, answers are still facts; requests are not ours any more.
        if (_state == SessionState.Closed || ((_peerUnbind is not null || _unbindAnswered) && pdu is not EnquireLink))
            return default;
        return OnRequest(pdu);
    }

    private ValueTask OnRequest(Pdu pdu)
    {
        if (pdu is EnquireLink)
        {
            // In any state, and whatever the window says: it asks for life, not for service.
            Answer(pdu.Sequence, new EnquireLinkResp(), ofHandler: false);
            return default;
        }

        if (pdu is RawPdu && !_options.DeliverRawRequests)
        {
            if (!Permissions.HasNoResponse(pdu.CommandId))
                Answer(pdu.Sequence, new GenericNack { Status = CommandStatus.InvalidCommandId }, ofHandler: false);
            return default;
        }

        if (OutOfState(pdu.CommandId) is { } status)
        {
            if (!Permissions.HasNoResponse(pdu.CommandId))
                Answer(pdu.Sequence, Refusal.Of(pdu.CommandId, status), ofHandler: false);
            return default;
        }

        if (pdu is Unbind)
        {
            OnUnbind(pdu);
            return default;
        }

        if (pdu is BindRequest)
            _bindUnanswered = true;
        if (!Permissions.HasNoResponse(pdu.CommandId))
            Interlocked.Increment(ref _incoming);
        return _handler.OnRequestAsync(this, pdu, _endedToken);
    }

    // The status of a request that the peer may not send now; null = it may.
    private CommandStatus? OutOfState(CommandId command)
    {
        var isBind = command is CommandId.BindTransmitter or CommandId.BindReceiver or CommandId.BindTransceiver;
        if (isBind && _options.IsServer && (_boundAs != SessionState.Open || _bindUnanswered))
            return CommandStatus.AlreadyBound;
        return Permissions.PeerMaySend(command, _boundAs, _options.IsServer) ? null : CommandStatus.InvalidBindStatus;
    }

    private void OnResponse(Pdu response)
    {
        PendingRequest? pending;
        lock (_gate)
        {
            if (!_window.TryAnswer(response, out pending))
                pending = null;
        }

        if (pending is null)
        {
            _unmatched++;
            ResponseUnmatched(RemoteEndPoint, response.CommandId, response.Sequence);
        }
        else if (!pending.InWindow)
        {
            // Before the next PDU is looked at: a deliver_sm may stand right behind the bind response.
            if (pending.Request is BindRequest bind && response is BindResponse { Status: CommandStatus.Ok } && !_options.IsServer)
                BecomeBound(bind.Type);
            pending.Waiter?.TrySetResult(response);

            if (pending.Request is Unbind && response is UnbindResp)
                OnUnbound();
        }
        else
        {
            if (pending.Overdue)
            {
                // OnOverdue is under way or done; wait until it is done.
                lock (_overdueGate)
                {
                }
            }

            _slotFreed = true;
            _handler.OnResponse(this, pending, response);
            if (Volatile.Read(ref _peerUnbind) is not null)
                FollowUnbindIfDue();
        }
    }

    private void BecomeBound(BindType type)
    {
        lock (_gate)
        {
            if (_state == SessionState.Open)
                _state = _boundAs = Permissions.StateOf(type);
        }
    }

    // The frame was sound: answer it and read on. What could not come at all now is answered as such, readable or not. A response cannot be answered; its
    // request gets it as it is.
    private ValueTask OnBadBody(PduBodyException fault)
    {
        BodyUnreadable(RemoteEndPoint, fault.Pdu.CommandId, fault.Pdu.Sequence, fault.Field, fault.AnswerStatus);
        if (fault.Pdu.IsResponse)
        {
            OnResponse(fault.Pdu);
        }
        else if (_state != SessionState.Closed && _peerUnbind is null)
        {
            var outOfState = OutOfState(fault.Pdu.CommandId);
            if (_options.DeliverUnreadable && outOfState is null)
            {
                Interlocked.Increment(ref _incoming);
                return _handler.OnRequestAsync(this, fault.Pdu, _endedToken);
            }

            if (!Permissions.HasNoResponse(fault.Pdu.CommandId))
                Answer(fault.Pdu.Sequence, Refusal.Of(fault.Pdu.CommandId, outOfState ?? fault.AnswerStatus), ofHandler: false);
        }

        _handler.OnBadPdu(this, fault);
        return default;
    }

    // What is still owed goes first: the handler's answers, so that the peer is left in no doubt (LingerTimeout bounds the wait), and, where the
    // options say so, the peer's answers to us. Nothing new is sent meanwhile.
    private void OnUnbind(Pdu unbind)
    {
        lock (_gate)
        {
            if (Permissions.IsBound(_state))
                _state = SessionState.Unbinding;
        }

        _peerUnbindAt = _time.GetTimestamp();
        Volatile.Write(ref _peerUnbind, unbind);
        if (!FollowUnbindIfDue())
            LookSoon();
    }

    private bool FollowUnbindIfDue()
    {
        var waited = _time.GetElapsedTime(_peerUnbindAt);
        var owed = Volatile.Read(ref _incoming) > 0 && waited < _options.LingerTimeout;
        if (owed || (waited < _options.UnbindPatience && Outstanding > 0))
            return false;
        FollowUnbind();
        return true;
    }

    private void LookSoon()
    {
        try
        {
            _ticks.Period = _options.TickInterval;
        }
        catch (ObjectDisposedException)
        {
            // Closed by another thread: nothing to look at any more.
        }
    }

    // The end we asked for. Many peers close right behind it, in the same read; to the others goes first what the handler has not answered yet, so
    // that they are left in no doubt.
    private void OnUnbound()
    {
        _unbindAnsweredAt = _time.GetTimestamp();
        Interlocked.Exchange(ref _unbindAnswered, true);
        if (!CloseUnboundIfDue())
            LookSoon();
    }

    private bool CloseUnboundIfDue()
    {
        if (Volatile.Read(ref _incoming) > 0 && _time.GetElapsedTime(_unbindAnsweredAt) < _options.LingerTimeout)
            return false;
        Close(SessionEndReason.Unbound);
        return true;
    }

    private void FollowUnbind()
    {
        if (Interlocked.Exchange(ref _followedUnbind, true))
            return;
        Answer(_peerUnbind!.Sequence, new UnbindResp(), ofHandler: false);
        Close(SessionEndReason.PeerUnbound);
    }
}
