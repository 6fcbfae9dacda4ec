namespace SmsGateway.Ledger;

// How a batch comes to its end: committed, split for a guilty item, retried for a bounded time, or failed; and how
// its waiters are told.
public sealed partial class GroupCommit<TItem, TResult>
{
    private async Task DecideAsync(ArraySegment<Ticket<TItem, TResult>> tickets, int tries)
    {
        var began = _time.GetTimestamp();
        var pause = _options.FirstPause;
        while (true)
        {
            if (_isAway?.Invoke() is true)
            {
                Fail(tickets, new LedgerUnavailableException("The ledger is away; this was not sent, or its fate is unknown."));
                return;
            }

            var batch = new CommitBatch<TItem, TResult>(tickets, tries);
            var sent = _time.GetTimestamp();
            try
            {
                await _commit(batch);
                LedgerFigures.Committed(_options.Name, tickets.Count, _time.GetElapsedTime(sent));
                Settle(tickets, batch);
                if (batch.HasMore)
                {
                    var again = tickets.Where((_, i) => batch.GoesAgain(i)).ToArray();
                    Array.ForEach(again, static ticket => ticket.Failure = null);
                    await DecideAsync(again, tries);
                }

                return;
            }
            catch (Exception e)
            {
                var failure = _classify(e);
                if (failure == CommitFailure.Data && tickets.Count > 1)
                {
                    var half = tickets.Count / 2;
                    await DecideAsync(tickets[..half], tries);
                    await DecideAsync(tickets[half..], tries);
                    return;
                }

                if (failure != CommitFailure.Transient)
                {
                    Fail(tickets, failure == CommitFailure.Data ? new LedgerDefectException("The ledger refused one item for what is in it.", e) : e);
                    return;
                }

                if (_time.GetElapsedTime(began) + pause > _options.RetryFor)
                {
                    Fail(tickets, e as LedgerUnavailableException ?? new LedgerUnavailableException("The ledger gave no answer in time.", e));
                    return;
                }
            }

            tries++;
            LedgerFigures.Retried(_options.Name);
            await Task.Delay(pause, _time);
            pause = pause * 2 < _options.LongestPause ? pause * 2 : _options.LongestPause;
        }
    }

    private static void Settle(ArraySegment<Ticket<TItem, TResult>> tickets, CommitBatch<TItem, TResult> batch)
    {
        for (var i = 0; i < tickets.Count; i++)
        {
            if (batch.TryGet(i, out var result))
            {
                tickets[i].Result = result;
            }
            else
            {
                tickets[i].Failure = new LedgerDefectException("The ledger committed a batch and told nothing of one of its items.");
            }
        }
    }

    private static void Fail(ArraySegment<Ticket<TItem, TResult>> tickets, Exception failure)
    {
        foreach (var ticket in tickets)
        {
            ticket.Failure = failure;
        }
    }

    private void Tell(Ticket<TItem, TResult>[] tickets)
    {
        if (tickets.Length <= TellInline)
        {
            new Telling(this, tickets).Execute();
            return;
        }

        for (var from = 0; from < tickets.Length; from += TellChunk)
        {
            var chunk = new ArraySegment<Ticket<TItem, TResult>>(tickets, from, Math.Min(TellChunk, tickets.Length - from));
            ThreadPool.UnsafeQueueUserWorkItem(new Telling(this, chunk), preferLocal: false);
        }
    }

    private void Told(int count)
    {
        _room.Release(count);
        lock (_gate)
        {
            _undecided -= count;
            if (_closed && _undecided == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    // DisposeAsync waits until the last of these has run: items count as undecided until they are told.
    private sealed class Telling(GroupCommit<TItem, TResult> owner, ArraySegment<Ticket<TItem, TResult>> tickets) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                foreach (var ticket in tickets)
                {
                    ticket.Tell();
                }
            }
            finally
            {
                owner.Told(tickets.Count);
            }
        }
    }
}
