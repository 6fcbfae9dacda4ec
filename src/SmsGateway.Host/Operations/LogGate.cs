namespace SmsGateway.Host.Operations;

// One line an interval (a second unless told) of a kind that can come thousands of times a second: clients cause some, an outage of the ledger the
// others. The line tells how many it stands for.
internal sealed class LogGate(TimeProvider time, TimeSpan? interval = null)
{
    /// <summary>For what an outage of the ledger makes of every message.</summary>
    public static readonly TimeSpan OfOutages = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _interval = interval ?? TimeSpan.FromSeconds(1);
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
            if (_used && time.GetElapsedTime(_last, now) < _interval)
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
