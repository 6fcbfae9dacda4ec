namespace SmsGateway.Host.Esme;

// How much of something is under way on this node, with a limit at its door and a wait for none. Lock-free: every submit
// passes through one of these.
internal sealed class InFlightCount
{
    private int _count;
    private TaskCompletionSource? _zero;

    public int Count => Volatile.Read(ref _count);

    /// <returns>False when <paramref name="most"/> are under way already.</returns>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _zero)?.TrySetResult();
        }
    }

    /// <returns>False when some were still under way at the end of the time, or when the wait was given up.</returns>
    public async Task<bool> WhenNoneAsync(TimeSpan timeout, TimeProvider time, CancellationToken giveUp = default)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var zero = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _zero, zero);
            if (Count == 0)
            {
                return true;
            }

            var left = timeout - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await zero.Task.WaitAsync(left, time, giveUp);
            }
            catch (Exception error) when (error is TimeoutException or OperationCanceledException)
            {
                return Count == 0;
            }
        }
    }
}
