using System.Collections.Concurrent;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// Hands outcomes to the ledger and keeps them until they are committed: an outcome is a fact that nobody else knows. The
// number that may wait is the connector's limit for sending more, so what a crash loses is bounded. While the ledger is away they
// go into the journal and leave their slots; what that does not take is tried again, and what is left when the process ends is in doubt.
internal sealed partial class OutcomeWriter
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly OutcomeLedger _outcomes;
    private readonly Holding _holding;
    private readonly UntoldOutcomes _untold;
    private readonly int _limit;
    private readonly OpenCount _open;
    private readonly Action _room;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // One delegate for all of them, not one per message.
    private readonly Committed<AttemptOutcome, OutcomeVerdict> _committed;
    private readonly Committed<HeldFact, bool> _journaled;
    private readonly ConcurrentQueue<(AttemptOutcome Outcome, Task? Taken)> _held = new();
    private readonly WakeSignal _wake = new();
    private int _uncommitted;
    private volatile bool _failing;

    /// <param name="outcomes">Where they are committed.</param>
    /// <param name="holding">Where they go while the ledger is away.</param>
    /// <param name="untold">Counts each one until it is committed or on the disk; closed when this ends.</param>
    /// <param name="limit">How many may wait before nothing more is to be sent.</param>
    /// <param name="open">Left by each one that is done with.</param>
    /// <param name="room">Called when there is headroom again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    public OutcomeWriter(OutcomeLedger outcomes, Holding holding, UntoldOutcomes untold, int limit, OpenCount open, Action room, TimeProvider time, ILogger logger)
    {
        (_outcomes, _holding, _untold, _limit, _open, _room, _time, _logger) = (outcomes, holding, untold, limit, open, room, time, logger);
        _committed = Committed;
        _journaled = Journaled;
    }

    public int Uncommitted => Volatile.Read(ref _uncommitted);

    /// <summary>Outcomes that may still come before nothing more may be sent.</summary>
    public int Headroom => _limit - Uncommitted;

    /// <summary>Takes an outcome; never blocks. Bounded by what may be sent while there is headroom: the windows.</summary>
    public void Write(AttemptOutcome outcome)
    {
        Interlocked.Increment(ref _uncommitted);
        _untold.Enter(outcome.Bind);
        Hand(outcome);
    }

    /// <summary>Waits on what the ledger's intake kept waiting and hands in again what it could not commit. Its owner is the connector.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stopping).ConfigureAwait(false);
                var failed = await CollectAsync(stopping).ConfigureAwait(false);
                if (failed.Count == 0)
                {
                    continue;
                }

                await Task.Delay(RetryAfter, _time, stopping).ConfigureAwait(false);
                foreach (var outcome in failed)
                {
                    Hand(outcome);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            if (Uncommitted is > 0 and var left)
            {
                LeftBehind(_logger, left);
            }
        }
        finally
        {
            _untold.Dispose();
        }
    }

    private void Hand(AttemptOutcome outcome)
    {
        if (_holding.IsOn && _holding.TryTake(new HeldOutcome(outcome), _journaled))
        {
            return;
        }

        ValueTask taken;
        try
        {
            taken = _outcomes.EnqueueAsync(outcome, _committed, CancellationToken.None);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Hold(outcome, Task.FromException(error));
            return;
        }

        if (!taken.IsCompletedSuccessfully)
        {
            Hold(outcome, taken.AsTask());
        }
    }

    private void Hold(AttemptOutcome outcome, Task? taken)
    {
        _held.Enqueue((outcome, taken));
        _wake.Set();
    }

    private async Task<List<AttemptOutcome>> CollectAsync(CancellationToken stopping)
    {
        var failed = new List<AttemptOutcome>();
        while (_held.TryDequeue(out var held))
        {
            if (held.Taken is null)
            {
                failed.Add(held.Outcome);
                continue;
            }

            try
            {
                await held.Taken.WaitAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Report(error);
                failed.Add(held.Outcome);
            }
        }

        return failed;
    }

    private void Committed(AttemptOutcome outcome, OutcomeVerdict verdict, Exception? failure)
    {
        if (failure is LedgerDefectException)
        {
            // Nothing will make the ledger take this one: its attempt stays open, and with that on the list of doubts.
            Refused(_logger, outcome.Connector, outcome.Bind, failure);
        }
        else if (failure is not null)
        {
            Report(failure);
            HoldAfter(outcome, failure);
            return;
        }
        else
        {
            _failing = false;
        }

        Leave(outcome);
    }

    private void HoldAfter(AttemptOutcome outcome, Exception failure)
    {
        if (failure is LedgerUnavailableException)
        {
            _holding.LedgerIsAway(failure.Message);
            if (_holding.TryTake(new HeldOutcome(outcome), _journaled))
            {
                return;
            }
        }

        Hold(outcome, taken: null);
    }

    private void Journaled(HeldFact fact, bool taken, Exception? failure)
    {
        var outcome = ((HeldOutcome)fact).Outcome;
        if (failure is not null)
        {
            Hold(outcome, taken: null);
            return;
        }

        Leave(outcome);
    }

    private void Leave(AttemptOutcome outcome)
    {
        _untold.Leave(outcome.Bind);
        var wasFull = Interlocked.Decrement(ref _uncommitted) == _limit - 1;
        _open.Leave();
        if (wasFull)
        {
            _room();
        }
    }

    private void Report(Exception error)
    {
        if (!_failing)
        {
            _failing = true;
            NotCommitted(_logger, error.Message);
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "Outcomes could not be committed and are kept for another try (said once per outage): {Reason}")]
    private static partial void NotCommitted(ILogger logger, string reason);

    [LoggerMessage(3202, LogLevel.Error, "The ledger refused an outcome of connector {Connector}, bind {Bind}; its attempt stays in doubt")]
    private static partial void Refused(ILogger logger, string connector, string bind, Exception failure);

    [LoggerMessage(3203, LogLevel.Warning, "{Count} outcomes were not committed before the connector ended; their attempts stay in doubt")]
    private static partial void LeftBehind(ILogger logger, int count);

    // Next free id of OutcomeWriter: 3204.
}
