namespace SmsGateway.Ledger;

/// <summary>
/// This node's right to emit, judged without asking anybody: it holds for <see cref="LedgerOptions.LeaseValidFor"/> from the moment
/// the last successful renewal was <em>sent</em>, by the monotonic clock and by the wall clock (the monotonic one may stand still
/// while a machine is suspended). Once run out it stays so until a new epoch is taken. Safe from any thread; costs two clock reads.
/// </summary>
public sealed class NodeLease
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _validFor;
    private readonly Lock _writing = new();
    private volatile Term? _term;

    /// <summary>Creates a lease that is not held yet.</summary>
    public NodeLease(TimeProvider time, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = SteadyClock.MachineOf(time);
        _validFor = options.LeaseValidFor;
    }

    /// <summary>The present epoch; 0 before the first.</summary>
    public long Epoch => _term?.Epoch ?? 0;

    /// <summary>Whether anything may be emitted now.</summary>
    public bool IsValid => _term is { } term && Holds(term);

    /// <summary>Whether what was committed under an epoch may be emitted now.</summary>
    public bool MayEmit(long epoch)
    {
#if DRILL
        if (Mutant.Is("lease-unchecked"))
        {
            return true;
        }
#endif
        return _term is { } term && term.Epoch == epoch && Holds(term);
    }

    /// <summary>Time since the last successful renewal was sent; null before the first.</summary>
    public TimeSpan? Age => _term is { } term ? _time.GetElapsedTime(term.Sent.Timestamp) : null;

    /// <summary>The moment of now, to be given back when the answer to what is sent now has come.</summary>
    internal LeaseMoment Moment() => new(_time.GetTimestamp(), _time.GetUtcNow());

    internal void Begin(long epoch, LeaseMoment sent)
    {
        lock (_writing)
        {
            _term = new Term(epoch, sent);
        }
    }

    /// <returns>False when the lease had run out meanwhile: only a new epoch brings it back.</returns>
    internal bool Renew(long epoch, LeaseMoment sent)
    {
        // Under the lock: an End that comes meanwhile must not be undone.
        lock (_writing)
        {
            if (!MayEmit(epoch))
            {
                return false;
            }

            _term = new Term(epoch, sent);
            return true;
        }
    }

    /// <summary>Gives an epoch up: the ledger said that it was taken over, or the node leaves. A newer one goes on.</summary>
    internal void End(long epoch)
    {
        lock (_writing)
        {
            if (_term is { } term && term.Epoch == epoch)
            {
                term.Ended = true;
            }
        }
    }

    private bool Holds(Term term)
    {
        if (!term.Ended && (_time.GetElapsedTime(term.Sent.Timestamp) >= _validFor || _time.GetUtcNow() - term.Sent.At >= _validFor))
        {
            // For good: a wall clock that is set back does not revive it.
            term.Ended = true;
        }

        return !term.Ended;
    }

    private sealed class Term(long epoch, LeaseMoment sent)
    {
        // Only ever set.
        private volatile bool _ended;

        public long Epoch => epoch;

        public LeaseMoment Sent => sent;

        public bool Ended { get => _ended; set => _ended = value; }
    }
}

internal readonly record struct LeaseMoment(long Timestamp, DateTimeOffset At);
