namespace SmsGateway.Simulator.Carrier;

// Closed while the carrier is told to stop reading: every session then stops inside its read loop, and TCP pushes back.
internal sealed class ReadingGate
{
    private readonly Lock _gate = new();
    private volatile TaskCompletionSource? _closed;

    public bool Closed => _closed is not null;

    public void Set(bool closed)
    {
        lock (_gate)
        {
            if (closed)
            {
                _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return;
            }

            TaskCompletionSource? waiting = _closed;
            _closed = null;
            waiting?.SetResult();
        }
    }

    public Task WaitAsync(CancellationToken ct) => _closed?.Task.WaitAsync(ct) ?? Task.CompletedTask;
}
