namespace SmsGateway.Ledger;

/// <summary>
/// The clock that moments in the ledger are written by. It follows the machine's clock, but not when that is set by more than a second: a retry due
/// "in 5 s" by a clock that is ten minutes ahead would wait for ten minutes once it is right again, and everybody else's sweeps with it.
/// <see cref="Correct"/> brings it back to the ledger's own clock. Timers and timestamps are the machine's. Safe from any thread.
/// </summary>
public sealed class SteadyClock : TimeProvider
{
    private static readonly TimeSpan MostStep = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private DateTimeOffset _wall;
    private long _timestamp;
    private TimeSpan _ahead;

    /// <summary>Creates a clock that shows what the machine's does until that is set.</summary>
    public SteadyClock(TimeProvider machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Machine = machine;
        (_wall, _timestamp) = (machine.GetUtcNow(), machine.GetTimestamp());
    }

    /// <summary>The machine's own clock: for a lease, which ends rather too early, and for whoever asks how far it is off.</summary>
    public TimeProvider Machine { get; }

    /// <inheritdoc/>
    public override long TimestampFrequency => Machine.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => Machine.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var wall = Machine.GetUtcNow();
            var timestamp = Machine.GetTimestamp();
            var step = wall - _wall - Machine.GetElapsedTime(_timestamp, timestamp);
            if (step.Duration() > MostStep)
            {
                _ahead += step;
            }

            (_wall, _timestamp) = (wall, timestamp);
            return wall - _ahead;
        }
    }

    /// <summary>The machine's clock was compared with the ledger's.</summary>
    /// <param name="ahead">How far the machine's is ahead; negative when it is behind. Up to a second is none.</param>
    public void Correct(TimeSpan ahead)
    {
        lock (_gate)
        {
            _ahead = ahead.Duration() > MostStep ? ahead : TimeSpan.Zero;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>The machine's clock, where this is a steady one.</summary>
    internal static TimeProvider MachineOf(TimeProvider time) => time is SteadyClock steady ? steady.Machine : time;
}
