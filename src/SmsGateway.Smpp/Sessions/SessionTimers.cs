namespace SmsGateway.Smpp.Sessions;

internal enum TimerVerdict
{
    Wait,
    SendEnquireLink,
    DropUnbound,
    DropSilent,
    DropInactive,
}

// The timers of SMPP 3.4, 2.9, as a value: facts and the time in, what to do out. No thread, no socket. All times count from
// the start of the session.
internal struct SessionTimers(SmppSessionOptions options)
{
    private TimeSpan? _asked;

    internal TimerVerdict Tick(TimeSpan now, TimeSpan lastHeard, bool bound)
    {
        if (!bound)
            return Passed(options.BindTimeout, now) ? TimerVerdict.DropUnbound : TimerVerdict.Wait;
        var silence = now - lastHeard;
        if (Passed(options.InactivityTimeout, silence))
            return TimerVerdict.DropInactive;
        if (_asked <= lastHeard)
            _asked = null;
        if (_asked is { } asked)
            return Passed(options.EnquireLinkTimeout, now - asked) ? TimerVerdict.DropSilent : TimerVerdict.Wait;
        if (!Passed(options.EnquireLinkInterval, silence))
            return TimerVerdict.Wait;
        _asked = now;
        return TimerVerdict.SendEnquireLink;
    }

    private static bool Passed(TimeSpan limit, TimeSpan elapsed) => limit > TimeSpan.Zero && elapsed >= limit;
}
