namespace SmsGateway.Ledger;

/// <summary>
/// Whether the ledger counts as away, the same for everybody in this process, so that not every caller has to find out by waiting. Closed by
/// whoever was left without an answer, opened by a commit that succeeds (the renewal of the lease). While it is closed group commits fail what
/// they have not sent; nobody closes it in a process that does not hold.
/// </summary>
public sealed class LedgerGate(TimeProvider time) : IDisposable
{
    private readonly Lock _changing = new();
    private volatile CancellationTokenSource _lost = new();
    private volatile Closing? _closed;

    /// <summary>Raised after it opened or closed. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Closed: the ledger gave somebody no answer, and has not committed anything since.</summary>
    public bool IsAway => _closed is not null;

    /// <summary>Since when it is closed; null while it is open.</summary>
    public DateTimeOffset? Since => _closed?.At;

    /// <summary>Why it was closed; null while it is open.</summary>
    public string? Reason => _closed?.Reason;

    /// <summary>Cancelled at the moment the gate closes: ends waits for answers that will not come. Ask for it before <see cref="IsAway"/>.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The ledger counts as away from here on.</summary>
    /// <returns>False when it did already.</returns>
    public bool Close(string reason)
    {
        CancellationTokenSource lost;
        lock (_changing)
        {
            if (_closed is not null)
            {
                return false;
            }

            _closed = new Closing(time.GetUtcNow(), reason);
            lost = _lost;
        }

        // Those who wait go on in here: each until it next has to wait for something.
        lost.Cancel();
        Changed?.Invoke();
        return true;
    }

    /// <summary>The ledger has committed something.</summary>
    /// <returns>How long it was away; null when it was not.</returns>
    public TimeSpan? Open()
    {
        if (_closed is null)
        {
            return null;
        }

        TimeSpan away;
        lock (_changing)
        {
            if (_closed is not { } closed)
            {
                return null;
            }

            away = time.GetUtcNow() - closed.At;
            _lost = new CancellationTokenSource();
            _closed = null;
        }

        Changed?.Invoke();
        return away;
    }

    /// <summary>Lets go of the token.</summary>
    public void Dispose() => _lost.Dispose();

    private sealed record Closing(DateTimeOffset At, string Reason);
}
