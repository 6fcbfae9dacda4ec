namespace SmsGateway.Host.Carriers;

// Tells one waiting loop that something may have changed. Many signals before the loop looks are one; setting it costs a
// read of one field while the loop is awake.
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _set;

    public void Set()
    {
        if (Volatile.Read(ref _set) == 0 && Interlocked.Exchange(ref _set, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits for the next signal and takes it. Whatever changes after this returns signals again.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _semaphore.WaitAsync(cancellation).ConfigureAwait(false);
        Interlocked.Exchange(ref _set, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
