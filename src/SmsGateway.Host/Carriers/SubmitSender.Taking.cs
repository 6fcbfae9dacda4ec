namespace SmsGateway.Host.Carriers;

// From the lanes into a batch: as many segments as there are slots for, in order of priority and arrival.
internal sealed partial class SubmitSender
{
    // False when it is over.
    private async ValueTask<bool> TakenAsync(SendBatch batch)
    {
        while (!_stopped)
        {
            if (TryTake(batch))
            {
                return true;
            }

            await _wake.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        // The other loops wait for the turn; each of them is to see the end.
        return false;
    }

    private bool TryTake(SendBatch batch)
    {
        var most = Math.Min(Math.Min(_lanes.Count, _options.BatchSize), _allowance());
        if (most <= 0)
        {
            return false;
        }

        if (_unknown.Count >= _options.UncommittedOutcomes)
        {
            // The ledger is away; nobody says when what is unknown has been settled.
            _timer.Change(LookAgain, Timeout.InfiniteTimeSpan);
            return false;
        }

        var taken = false;
        Interlocked.Increment(ref _underWay);
        try
        {
            return taken = Fill(batch, most);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            BatchFailed(_logger, _connector, error);
            Abandon(batch);
            return false;
        }
        finally
        {
            Interlocked.Add(ref _underWay, taken ? 0 : -1);
        }
    }

    private bool Fill(SendBatch batch, int most)
    {
        if (_pool.Reserve(batch.Slots, most, out var untilMore) == 0)
        {
            if (untilMore is { } wait)
            {
                _timer.Change(wait > ShortestWait ? wait : ShortestWait, Timeout.InfiniteTimeSpan);
            }

            return false;
        }

        var now = _time.GetUtcNow();
        _lanes.TakeInto(batch.Segments, batch.Slots.Count);
        DropExpired(batch, now);
        for (var i = batch.Segments.Count; i < batch.Slots.Count; i++)
        {
            batch.Slots[i].Release();
        }

        batch.Slots.RemoveRange(batch.Segments.Count, batch.Slots.Count - batch.Segments.Count);
        _matcher.Match(batch.Segments, batch.Slots);
        batch.Describe(_connector, now);
        return batch.Segments.Count > 0;
    }

    // The rows are still in the ledger, which brings them again.
    private void Abandon(SendBatch batch)
    {
        foreach (var segment in batch.Segments)
        {
            _memory.Remove(segment.Key);
        }

        batch.Release();
        batch.Clear();
        _timer.Change(LookAgain, Timeout.InfiniteTimeSpan);
    }

    // Their validity is over: the ledger's own sweep expires them and writes the receipts.
    private void DropExpired(SendBatch batch, DateTimeOffset now)
    {
        var kept = 0;
        for (var i = 0; i < batch.Segments.Count; i++)
        {
            var segment = batch.Segments[i];
            if (segment.ValidUntil > now)
            {
                batch.Segments[kept++] = segment;
            }
            else
            {
                _memory.Remove(segment.Key);
            }
        }

        batch.Segments.RemoveRange(kept, batch.Segments.Count - kept);
    }
}
