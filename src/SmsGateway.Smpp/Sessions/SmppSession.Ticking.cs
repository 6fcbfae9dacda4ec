using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

// Timers: one loop that looks at all of them when the earliest can be due, and at most once per TickInterval. No timer per request,
// and an idle bind costs a look in half a minute.
public sealed partial class SmppSession
{
    private readonly PeriodicTimer _ticks;
    private readonly Lock _overdueGate = new();

    private async Task TickLoopAsync()
    {
        var timers = new SessionTimers(_options);
        try
        {
            while (await _ticks.WaitForNextTickAsync(CancellationToken.None))
            {
                var now = _time.GetElapsedTime(_started);
                var lastHeard = _time.GetElapsedTime(_started, Volatile.Read(ref _lastHeard));
                var bound = _boundAs != SessionState.Open;
                var verdict = timers.Tick(now, lastHeard, bound);
                LookAgainIn(timers.Next(now, lastHeard, bound));
                Act(verdict);
                FindOverdue();
                if (Volatile.Read(ref _peerUnbind) is not null)
                    FollowUnbindIfDue();
                if (Volatile.Read(ref _unbindAnswered))
                    CloseUnboundIfDue();
            }
        }
        catch (ObjectDisposedException) when (_state == SessionState.Closed)
        {
            // Closed while the next look was being set.
        }
        catch (Exception e)
        {
            Close(SessionEndReason.HandlerError, e);
        }
    }

    private void LookAgainIn(TimeSpan next)
    {
        lock (_gate)
        {
            if (_window.OldestAge(_time) is { } age)
                next = SessionTimers.Earlier(next, _options.ResponseTimeout, age);
        }

        if (next < _options.TickInterval || Volatile.Read(ref _peerUnbind) is not null || Volatile.Read(ref _unbindAnswered))
            next = _options.TickInterval;
        if (next != _ticks.Period)
            _ticks.Period = next;
    }

    private void Act(TimerVerdict verdict)
    {
        switch (verdict)
        {
            case TimerVerdict.SendEnquireLink:
                AskForLife();
                break;
            case TimerVerdict.DropUnbound:
                Close(SessionEndReason.BindTimeout);
                break;
            case TimerVerdict.DropSilent:
                Close(SessionEndReason.EnquireLinkTimeout);
                break;
            case TimerVerdict.DropInactive:
                Close(SessionEndReason.Inactivity);
                break;
            case TimerVerdict.Wait:
            default:
                break;
        }
    }

    // In the lane of the responses: data must not keep a sign of life waiting. Nobody waits for its answer, any PDU will do.
    private void AskForLife()
    {
        lock (_gate)
        {
            if (_state == SessionState.Closed)
                return;
            var sequence = _window.NextSequence();
            if (!_responses.TryAdd(new EnquireLink(), sequence))
                return;
            _window.Add(new PendingRequest(new EnquireLink(), context: null, sequence, _time.GetTimestamp()));
            WakeWriter();
        }
    }

    private TimeoutException NoResponse(Pdu request) => new($"no response to {request.CommandId} within {_options.ResponseTimeout}");

    // The gate orders OnOverdue before an OnResponse of the same request, which comes from the read loop.
    private void FindOverdue()
    {
        lock (_overdueGate)
        {
            while (true)
            {
                PendingRequest? overdue;
                lock (_gate)
                {
                    if (_state == SessionState.Closed || !_window.TryTakeOverdue(_time, _options.ResponseTimeout, out overdue))
                        return;
                }

                if (overdue.InWindow)
                    _handler.OnOverdue(this, overdue);
                else
                    overdue.Waiter?.TrySetException(NoResponse(overdue.Request));
            }
        }
    }
}
