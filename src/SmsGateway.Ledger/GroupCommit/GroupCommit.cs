using System.Collections.Concurrent;

namespace SmsGateway.Ledger;

/// <summary>
/// Items in, one delegate that commits a list of them, results out. There is no timer: a batch is what arrived while
/// the last commit was in flight. A waiter completes after COMMIT or fails with the cause.
/// </summary>
public sealed partial class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    // A batch is told in chunks of this size, so that its continuations run on more than one core.
    private const int TellChunk = 64;

    // So few are told where they are: a hop would cost more than it frees.
    private const int TellInline = 4;

    private readonly GroupCommitOptions _options;
    private readonly Func<CommitBatch<TItem, TResult>, Task> _commit;
    private readonly Func<Exception, CommitFailure> _classify;
    private readonly Func<bool>? _isAway;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<Ticket<TItem, TResult>> _queue = new();
    private readonly Task[] _lanes;
    private readonly bool[] _laneBusy;
    private readonly SemaphoreSlim _room;
    private readonly ConcurrentBag<Ticket<TItem, TResult>> _spare = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _busy;
    private int _undecided;
    private int _spares;
    private bool _closed;

    /// <summary>Creates one; it starts with its first item.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="commit">Commits a list; answers each item. Called with the same items again after a transient failure.</param>
    /// <param name="classify">Says what a failure of <paramref name="commit"/> means.</param>
    /// <param name="time">For the pauses between retries.</param>
    /// <param name="isAway">While true nothing is sent: what waits fails at once as <see cref="LedgerUnavailableException"/>.</param>
    public GroupCommit(
        GroupCommitOptions options, Func<CommitBatch<TItem, TResult>, Task> commit, Func<Exception, CommitFailure> classify, TimeProvider time,
        Func<bool>? isAway = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _isAway = isAway;
        _options = options;
        _commit = commit;
        _classify = classify;
        _time = time;
        _room = new SemaphoreSlim(options.Capacity);
        _lanes = new Task[options.Lanes];
        Array.Fill(_lanes, Task.CompletedTask);
        _laneBusy = new bool[options.Lanes];
    }

    /// <summary>Items undecided: waiting, in flight, or not yet told.</summary>
    public int Undecided => Volatile.Read(ref _undecided);

    /// <summary>Takes the item in (waits while full) and completes with its result after COMMIT.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the caller's wait only; an item taken in is committed all the same.</param>
    /// <exception cref="ObjectDisposedException">The intake is closed.</exception>
    public ValueTask<TResult> CommitAsync(TItem item, CancellationToken cancellationToken)
    {
        var room = _room.WaitAsync(cancellationToken);
        return room.IsCompletedSuccessfully ? TakeIn(item, null).WaitAsync(cancellationToken) : Waiting(room, item, cancellationToken);

        async ValueTask<TResult> Waiting(Task place, TItem waiting, CancellationToken token)
        {
            await place;
            return await TakeIn(waiting, null).WaitAsync(token);
        }
    }

    /// <summary>Takes the item in (waits while full); the callback gets its result after COMMIT.</summary>
    public ValueTask EnqueueAsync(TItem item, Committed<TItem, TResult> committed, CancellationToken cancellationToken)
    {
        var room = _room.WaitAsync(cancellationToken);
        if (!room.IsCompletedSuccessfully)
        {
            return Waiting(room, item, committed);
        }

        TakeIn(item, committed);
        return ValueTask.CompletedTask;

        async ValueTask Waiting(Task place, TItem waiting, Committed<TItem, TResult> callback)
        {
            await place;
            TakeIn(waiting, callback);
        }
    }

    /// <summary>Closes the intake, commits what was taken in, tells it, returns. Twice is once.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_undecided == 0)
            {
                _drained.TrySetResult();
            }
        }

        await _drained.Task;
        Task[] lanes;
        lock (_gate)
        {
            lanes = [.. _lanes];
        }

        await Task.WhenAll(lanes);
    }

    internal void Return(Ticket<TItem, TResult> ticket)
    {
        if (Interlocked.Increment(ref _spares) <= _options.MaxBatch * 4)
        {
            _spare.Add(ticket);
        }
        else
        {
            Interlocked.Decrement(ref _spares);
        }
    }

    private Ticket<TItem, TResult> TakeIn(TItem item, Committed<TItem, TResult>? committed)
    {
        if (_spare.TryTake(out var ticket))
        {
            Interlocked.Decrement(ref _spares);
        }
        else
        {
            ticket = new Ticket<TItem, TResult>(this);
        }

        ticket.Load(item, committed);
        lock (_gate)
        {
            if (_closed)
            {
                _room.Release();
                throw new ObjectDisposedException(GetType().Name, "The ledger's intake is closed.");
            }

            _undecided++;
            _queue.Enqueue(ticket);
            if (_busy == 0 || (_busy < _lanes.Length && _queue.Count >= _options.SpillAt))
            {
                StartLane();
            }
        }

        return ticket;
    }

    private void StartLane()
    {
        var lane = Array.IndexOf(_laneBusy, false);
        _laneBusy[lane] = true;
        _busy++;
        var before = _lanes[lane];
        _lanes[lane] = before.IsCompleted ? Task.Run(() => RunLaneAsync(lane)) : AfterAsync(before, lane);

        // The lane's last run has let go of its place but not quite returned: nothing of it may be left unawaited.
        async Task AfterAsync(Task earlier, int index)
        {
            await earlier;
            await RunLaneAsync(index);
        }
    }

    private async Task RunLaneAsync(int lane)
    {
        while (TakeBatch(lane) is { } tickets)
        {
            await DecideAsync(tickets, 0);
            Tell(tickets);
        }
    }

    // The last busy lane never leaves while something waits: an item taken in always has a lane that will come for it.
    private Ticket<TItem, TResult>[]? TakeBatch(int lane)
    {
        lock (_gate)
        {
            if (_queue.Count == 0 || (_busy > 1 && _queue.Count < _options.SpillAt))
            {
                _busy--;
                _laneBusy[lane] = false;
                return null;
            }

            var tickets = new Ticket<TItem, TResult>[Math.Min(_queue.Count, _options.MaxBatch)];
            for (var i = 0; i < tickets.Length; i++)
            {
                tickets[i] = _queue.Dequeue();
            }

            return tickets;
        }
    }
}
