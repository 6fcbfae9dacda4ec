using System.Threading.Tasks.Sources;

namespace SmsGateway.Ledger;

// One item on its way through a group commit, and whoever waits for it: a pooled source behind a ValueTask, or a
// callback. Continuations run where the result is told; the group commit tells a whole batch in a few work items, so
// that a thousand waiters do not cost a thousand hops.
internal sealed class Ticket<TItem, TResult>(GroupCommit<TItem, TResult> owner) : IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _source;
    private CancellationTokenRegistration _registration;
    private Committed<TItem, TResult>? _callback;
    private int _settled;

    public TItem Item { get; private set; } = default!;

    /// <summary>The answer to tell once the batch is over.</summary>
    public TResult Result { get; set; } = default!;

    /// <summary>Why there is no answer.</summary>
    public Exception? Failure { get; set; }

    public void Load(TItem item, Committed<TItem, TResult>? callback)
    {
        Item = item;
        _callback = callback;
    }

    public ValueTask<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        var task = new ValueTask<TResult>(this, _source.Version);
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (state, token) => ((Ticket<TItem, TResult>)state!).Cancel(token), this);
        }

        return task;
    }

    public void Tell()
    {
        if (_callback is { } callback)
        {
            callback(Item, Result, Failure);
            Recycle();
        }
        else if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            // The caller has gone; its item was committed all the same.
        }
        else if (Failure is { } failure)
        {
            _source.SetException(failure);
        }
        else
        {
            _source.SetResult(Result);
        }
    }

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        // A cancelled wait leaves the ticket with its batch, which still refers to it: only a told one is used again.
        var told = _source.GetStatus(token) != ValueTaskSourceStatus.Canceled;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            if (told)
            {
                _registration.Dispose();
                Recycle();
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            _source.SetException(new OperationCanceledException(token));
        }
    }

    private void Recycle()
    {
        _source.Reset();
        _registration = default;
        _callback = null;
        Item = default!;
        Result = default!;
        Failure = null;
        _settled = 0;
        owner.Return(this);
    }
}
