namespace SmsGateway.Host.Esme;

// One line a second of a kind that a client can cause thousands of times a second; the line tells how many it stands for.
internal sealed class LogGate(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private long _last;
    private bool _used;
    private int _suppressed;

    /// <param name="suppressed">Lines that were left out since the last one.</param>
    public bool TryPass(out int suppressed)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_used && time.GetElapsedTime(_last, now) < Interval)
            {
                _suppressed++;
                suppressed = 0;
                return false;
            }

            _used = true;
            _last = now;
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
