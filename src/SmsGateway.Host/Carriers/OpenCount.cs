namespace SmsGateway.Host.Carriers;

// Counts what has begun and not ended: slots from their reservation to the commit of their outcome. A stop waits for none.
internal sealed class OpenCount
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _none;

    public int Count => Volatile.Read(ref _count);

    public void Enter(int count = 1) => Interlocked.Add(ref _count, count);

    public void Leave(int count = 1)
    {
        if (Interlocked.Add(ref _count, -count) != 0)
        {
            return;
        }

        lock (_gate)
        {
            if (Count == 0)
            {
                _none?.TrySetResult();
                _none = null;
            }
        }
    }

    /// <summary>Completes when the count is, or has been, zero. Meaningful once nothing new enters.</summary>
    public Task WhenNone()
    {
        lock (_gate)
        {
            if (Count == 0)
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The last one may have left between the two lines above, before it could see the source.
            if (Count == 0)
            {
                _none.TrySetResult();
            }

            return _none.Task;
        }
    }
}
