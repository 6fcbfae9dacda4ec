using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// Takes what waits in a connector's lanes when there are slots for it, makes the attempts durable in one commit and writes
// what the ledger returned. A few batches may be in their commit at once; they are taken and written in order.
internal sealed partial class SubmitSender : IDisposable
{
    // Waking for every single token would make a commit for every single message.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly SegmentLanes _lanes;
    private readonly SubmitPool _pool;
    private readonly Func<int> _allowance;
    private readonly AttemptLedger _attempts;
    private readonly SegmentsInMemory _memory;
    private readonly UnknownAttempts _unknown;
    private readonly EpochRefused _epochRefused;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _connector;
    private readonly CarrierOptions _options;
    private readonly WakeSignal _wake = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private readonly SlotMatcher _matcher;
    private volatile bool _stopped;
    private int _underWay;
    private Task _written = Task.CompletedTask;

    /// <param name="connector">Whose lanes.</param>
    /// <param name="lanes">What waits.</param>
    /// <param name="pool">Where it may go.</param>
    /// <param name="allowance">How many more may be sent now for other reasons than window and rate; 0 = none.</param>
    /// <param name="ledgers">Where attempts are made durable, and what memory holds of them.</param>
    /// <param name="options">Batch size and commits in flight.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    public SubmitSender(
        string connector, SegmentLanes lanes, SubmitPool pool, Func<int> allowance, SendLedgers ledgers, CarrierOptions options, TimeProvider time, ILogger logger)
    {
        (_connector, _lanes, _pool, _allowance, _options, _time, _logger) = (connector, lanes, pool, allowance, options, time, logger);
        (_attempts, _memory, _unknown, _epochRefused, _lifetime) = ledgers;
        _matcher = new SlotMatcher(pool);
        _timer = time.CreateTimer(_ => _wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>No batch is on its way from the lanes to a socket: the fast path overtakes nobody.</summary>
    public bool IsIdle => Volatile.Read(ref _underWay) == 0;

    /// <summary>Something changed: segments came, a slot, an allowance.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Sends until <see cref="Stop"/>. Completes when the last batch in commit is written.</summary>
    public async Task RunAsync()
    {
        var loops = new Task[_options.CommitsInFlight];
        for (var i = 0; i < loops.Length; i++)
        {
            loops[i] = GuardedAsync();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    /// <summary>Nothing more is taken from the lanes; what was taken is still written.</summary>
    public void Stop()
    {
        _stopped = true;
        _wake.Set();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _turn.Dispose();
    }

    // A loop that fails is broken code. A node that went on without it would accept and not send: it stops instead, and its
    // queue waits in the ledger.
    private async Task GuardedAsync()
    {
        try
        {
            await SendBatchesAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LoopFailed(_logger, _connector, error);
            _stopped = true;
            _lifetime.StopApplication();
        }
    }

    private async Task SendBatchesAsync()
    {
        var batch = new SendBatch();
        while (await NextAsync(batch).ConfigureAwait(false) is var (before, written))
        {
            try
            {
                await CommitAndWriteAsync(batch, before).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Broken code: what was not written keeps its slot and its open attempt, and counts as in doubt.
                BatchFailed(_logger, _connector, error);
            }
            finally
            {
                written.SetResult();
                Interlocked.Decrement(ref _underWay);
                batch.Clear();
            }
        }
    }

    // Takes the next batch in turn. Null when it is over.
    private async ValueTask<(Task Before, TaskCompletionSource Written)?> NextAsync(SendBatch batch)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!await TakenAsync(batch).ConfigureAwait(false))
            {
                return null;
            }

            var before = _written;
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _written = written.Task;
            return (before, written);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CommitAndWriteAsync(SendBatch batch, Task before)
    {
#if DRILL
        if (Mutant.Is("attempt-after-pdu"))
        {
            await WriteAndCommitAsync(batch).ConfigureAwait(false);
            return;
        }
#endif
        IReadOnlySet<AttemptKey>? standing = null;
        try
        {
            standing = await _attempts.AttemptAsync(batch.Attempts, batch.Unknown).ConfigureAwait(false);
        }
        catch (FencedException error)
        {
            // Nothing of it stands. The lease is taken anew, and what this node still owns comes back from the ledger.
            Fenced(_logger, _connector, batch.Attempts.Count, error.Message);
            _epochRefused();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            NotCommitted(_logger, _connector, batch.Attempts.Count, error.Message);
            SetAside(batch.Attempts);
            foreach (var attempt in batch.Attempts)
            {
                _memory.Remove(attempt.Key.Segment);
            }

            batch.Release();
            return;
        }

        SetAside(batch.Unknown);
        await before.ConfigureAwait(false);
        for (var i = 0; i < batch.Slots.Count; i++)
        {
            var attempt = batch.Attempts[i];
            if (standing is not null && standing.Contains(attempt.Key))
            {
                batch.Slots[i].Send(batch.Segments[i], attempt.At);
            }
            else
            {
                if (_pool.IsOver(batch.Slots[i]))
                {
                    // A try of this commit may have opened it under the epoch before, and the ledger grants those of the present one only.
                    _unknown.Add(attempt, batch.Slots[i].Epoch);
                }

                batch.Slots[i].Release();
            }

            _memory.Remove(attempt.Key.Segment);
        }
    }

#if DRILL
    private async Task WriteAndCommitAsync(SendBatch batch)
    {
        for (var i = 0; i < batch.Slots.Count; i++)
        {
            batch.Slots[i].Send(batch.Segments[i], batch.Attempts[i].At);
        }

        await _attempts.AttemptAsync(batch.Attempts).ConfigureAwait(false);
        foreach (var attempt in batch.Attempts)
        {
            _memory.Remove(attempt.Key.Segment);
        }
    }
#endif

    // Nothing of them is written; UnknownAttempts ends those that stand after all.
    private void SetAside(List<NewAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            _unknown.Add(attempt);
        }
    }

    [LoggerMessage(3401, LogLevel.Warning, "Connector {Connector}: this node's epoch was taken over; {Count} segments are not sent from here: {Reason}")]
    private static partial void Fenced(ILogger logger, string connector, int count, string reason);

    [LoggerMessage(3402, LogLevel.Warning, "Connector {Connector}: it is unknown whether {Count} attempts were committed; none of them is sent: {Reason}")]
    private static partial void NotCommitted(ILogger logger, string connector, int count, string reason);

    [LoggerMessage(3403, LogLevel.Error, "Connector {Connector}: a batch was not written to its end; what is left of it is in doubt")]
    private static partial void BatchFailed(ILogger logger, string connector, Exception error);

    [LoggerMessage(3404, LogLevel.Critical, "Connector {Connector}: a sending loop failed, which is a defect; the node stops")]
    private static partial void LoopFailed(ILogger logger, string connector, Exception error);

    // Next free id of SubmitSender: 3405.
}
