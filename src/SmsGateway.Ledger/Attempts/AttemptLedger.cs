using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>Turns queued segments into open attempts, fenced on this node's epoch. Only what it returns may reach a socket.</summary>
public sealed class AttemptLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly GroupCommit<NewAttempt, bool> _group;

    internal AttemptLedger(LedgerCore core)
    {
        _core = core;
        _group = core.Group<NewAttempt, bool>("attempts", CommitAsync);
    }

    /// <summary>Moves the segments from <c>queue</c> to <c>attempt</c>. Calls of several connectors share commits.</summary>
    /// <param name="attempts">What is to be attempted.</param>
    /// <param name="unknown">
    /// Gets those whose COMMIT is unknown while others of this call were granted: emit none of them, and end them <c>not_sent</c> later.
    /// </param>
    /// <returns>The attempts that now stand under this node's epoch. One that is missing is not ours (any more): drop it from memory.</returns>
    /// <exception cref="LedgerUnavailableException">Unknown whether they were written: emit none of them.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<IReadOnlySet<AttemptKey>> AttemptAsync(IReadOnlyList<NewAttempt> attempts, ICollection<NewAttempt>? unknown = null)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        if (attempts.Count == 0)
        {
            return new HashSet<AttemptKey>();
        }

        var call = new Call(attempts.Count, unknown);
        foreach (var attempt in attempts)
        {
            await _group.EnqueueAsync(attempt, call.Tell, CancellationToken.None);
        }

        return await call.Granted;
    }

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private async Task CommitAsync(CommitBatch<NewAttempt, bool> batch)
    {
        var n = batch.Count;
        var (ids, segments, numbers, times) = (new Guid[n], new short[n], new short[n], new DateTime[n]);
        var (connectors, binds) = (new string?[n], new string?[n]);
        for (var i = 0; i < n; i++)
        {
            var attempt = batch[i];
            (ids[i], segments[i], numbers[i]) = (attempt.Key.Segment.Id, attempt.Key.Segment.Segment, attempt.Key.Number);
            (connectors[i], binds[i], times[i]) = (attempt.Connector, attempt.Bind, attempt.At.UtcDateTime);
        }

        var isRetry = batch.EarlierTries > 0;
        var granted = await _core.Hot.RunAsync(
            b =>
            {
                var epoch = _core.Node.Current;
                b.Enter(epoch);
                b.Add(LedgerSql.Attempt).With(ids).With(segments).With(numbers).With(connectors).With(binds).With(times).With(epoch);
                if (isRetry)
                {
                    b.Add(LedgerSql.AttemptStanding).With(ids).With(segments).With(numbers).With(connectors).With(binds).With(times).With(epoch);
                }
#if DRILL
                Failpoint.Pass("attempt-unsent");
#endif
            },
            ReadAsync);
#if DRILL
        Failpoint.Pass("attempt-committed", () => string.Join(' ', ids));
#endif
        for (var i = 0; i < n; i++)
        {
            // The same attempt twice in one batch is granted once.
            batch.Answer(i, granted.Remove((ids[i], segments[i], numbers[i])));
        }
    }

    private static async Task<HashSet<(Guid Id, short Segment, short Number)>> ReadAsync(NpgsqlDataReader reader)
    {
        var granted = new HashSet<(Guid, short, short)>();
        while (await reader.NextResultAsync())
        {
            while (await reader.ReadAsync())
            {
                granted.Add((reader.GetGuid(0), reader.GetInt16(1), reader.GetInt16(2)));
            }
        }

        return granted;
    }

    // Gathers the answers of one call, which may have gone into several batches.
    private sealed class Call(int count, ICollection<NewAttempt>? unknown)
    {
        private readonly TaskCompletionSource<IReadOnlySet<AttemptKey>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<AttemptKey> _granted = new(count);
        private Exception? _failure;
        private int _left = count;

        public Task<IReadOnlySet<AttemptKey>> Granted => _done.Task;

        public void Tell(NewAttempt attempt, bool granted, Exception? failure)
        {
            lock (_granted)
            {
                _failure ??= failure;
                if (failure is not null)
                {
                    unknown?.Add(attempt);
                }
                else if (granted)
                {
                    _granted.Add(attempt.Key);
                }

                if (--_left > 0)
                {
                    return;
                }
            }

            // What was granted must be emitted by somebody: a failure is thrown only where nothing was.
            if (_failure is not null && _granted.Count == 0)
            {
                _done.SetException(LedgerFailures.Translate(_failure));
            }
            else
            {
                _done.SetResult(_granted);
            }
        }
    }
}
