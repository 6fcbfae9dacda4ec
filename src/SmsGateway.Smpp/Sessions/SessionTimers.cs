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
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
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

    // How long nothing can become due: until the earliest deadline known, and no longer than the shortest timer, because any
    // deadline that comes into being later is at least that far away.
    internal readonly TimeSpan Next(TimeSpan now, TimeSpan lastHeard, bool bound)
    {
        var next = Shortest;
        if (!bound)
            return Earlier(next, options.BindTimeout, now);
        next = Earlier(next, options.InactivityTimeout, now - lastHeard);
        return _asked is { } asked
            ? Earlier(next, options.EnquireLinkTimeout, now - asked)
            : Earlier(next, options.EnquireLinkInterval, now - lastHeard);
    }

    internal readonly TimeSpan Shortest
    {
        get
        {
            var shortest = Earlier(Longest, options.BindTimeout, TimeSpan.Zero);
            shortest = Earlier(shortest, options.EnquireLinkInterval, TimeSpan.Zero);
            shortest = Earlier(shortest, options.EnquireLinkTimeout, TimeSpan.Zero);
            shortest = Earlier(shortest, options.InactivityTimeout, TimeSpan.Zero);
            return Earlier(shortest, options.ResponseTimeout, TimeSpan.Zero);
        }
    }

    internal static TimeSpan Earlier(TimeSpan next, TimeSpan limit, TimeSpan elapsed) =>
        limit > TimeSpan.Zero && limit - elapsed < next ? limit - elapsed : next;

    private static bool Passed(TimeSpan limit, TimeSpan elapsed) => limit > TimeSpan.Zero && elapsed >= limit;
}
