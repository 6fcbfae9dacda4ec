using System.Threading.Channels;

namespace SmsGateway.Host.Flow;

// Tells one waiting loop that something may have changed. Many signals before the loop looks are one; setting it costs a
// read of one field while the loop is awake. Nothing to dispose: a timer's last call may come after its owner's end.
internal sealed class WakeSignal
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(1);
    private int _set;

    public void Set()
    {
        if (Volatile.Read(ref _set) == 0 && Interlocked.Exchange(ref _set, 1) == 0)
        {
            _signals.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits for the next signal and takes it. Whatever changes after this returns signals again.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _signals.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        Interlocked.Exchange(ref _set, 0);
    }
}
