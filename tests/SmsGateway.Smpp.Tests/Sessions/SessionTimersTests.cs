using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Smpp.Tests.Sessions;

public class SessionTimersTests
{
    private static readonly SmppSessionOptions Options = new()
    {
        BindTimeout = At(20),
        EnquireLinkInterval = At(30),
        EnquireLinkTimeout = At(10),
        InactivityTimeout = At(120),
    };

    [Fact]
    public void A_silent_peer_is_asked_once_and_then_dropped()
    {
        var timers = new SessionTimers(Options);
        TimerVerdict[] seen = [Tick(ref timers, 29), Tick(ref timers, 31), Tick(ref timers, 35), Tick(ref timers, 42)];
        Assert.Equal([TimerVerdict.Wait, TimerVerdict.SendEnquireLink, TimerVerdict.Wait, TimerVerdict.DropSilent], seen);
    }

    [Fact]
    public void Any_sign_of_life_counts_and_the_next_silence_is_asked_about_again()
    {
        var timers = new SessionTimers(Options);
        Assert.Equal(TimerVerdict.SendEnquireLink, Tick(ref timers, 30));
        Assert.Equal(TimerVerdict.Wait, Tick(ref timers, 45, heard: 39));
        Assert.Equal(TimerVerdict.SendEnquireLink, Tick(ref timers, 69, heard: 39));
        Assert.Equal(TimerVerdict.DropSilent, Tick(ref timers, 79, heard: 39));
    }

    [Fact]
    public void A_connection_without_a_bind_is_dropped_and_never_asked()
    {
        var timers = new SessionTimers(Options);
        Assert.Equal(TimerVerdict.Wait, timers.Tick(At(19), At(19), bound: false));
        Assert.Equal(TimerVerdict.DropUnbound, timers.Tick(At(20), At(19), bound: false));
    }

    [Fact]
    public void Inactivity_ends_a_session_that_asks_for_nothing()
    {
        var timers = new SessionTimers(new SmppSessionOptions { EnquireLinkInterval = TimeSpan.Zero, InactivityTimeout = At(120) });
        Assert.Equal(TimerVerdict.Wait, Tick(ref timers, 119));
        Assert.Equal(TimerVerdict.DropInactive, Tick(ref timers, 120));
    }

    [Fact]
    public void A_timer_of_zero_never_fires()
    {
        var timers = new SessionTimers(new SmppSessionOptions
        {
            BindTimeout = TimeSpan.Zero,
            EnquireLinkInterval = TimeSpan.Zero,
            InactivityTimeout = TimeSpan.Zero,
        });
        Assert.Equal(TimerVerdict.Wait, Tick(ref timers, 100_000));
        Assert.Equal(TimerVerdict.Wait, timers.Tick(At(100_000), At(0), bound: false));
    }

    [Fact]
    public void The_next_look_is_when_something_can_be_due_and_never_later_than_a_new_deadline_could_be()
    {
        var timers = new SessionTimers(Options); // shortest timer: 10 s
        Assert.Equal(At(10), timers.Shortest);
        Assert.Equal(At(5), timers.Next(At(15), At(0), bound: false));
        Assert.Equal(At(10), timers.Next(At(15), At(15), bound: true));
        Assert.Equal(At(3), timers.Next(At(42), At(15), bound: true));
        Assert.Equal(TimerVerdict.SendEnquireLink, Tick(ref timers, 45, heard: 15));
        Assert.Equal(At(6), timers.Next(At(49), At(15), bound: true));
    }

    private static TimerVerdict Tick(ref SessionTimers timers, int now, int heard = 0) => timers.Tick(At(now), At(heard), bound: true);

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
