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
    private volatile Term? _term;

    /// <summary>Creates a lease that is not held yet.</summary>
    public NodeLease(TimeProvider time, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _validFor = options.LeaseValidFor;
    }

    /// <summary>The present epoch; 0 before the first.</summary>
    public long Epoch => _term?.Epoch ?? 0;

    /// <summary>Whether anything may be emitted now.</summary>
    public bool IsValid => _term is { } term && Holds(term);

    /// <summary>Whether what was committed under an epoch may be emitted now.</summary>
    public bool MayEmit(long epoch) => _term is { } term && term.Epoch == epoch && Holds(term);

    /// <summary>Time since the last successful renewal was sent; null before the first.</summary>
    public TimeSpan? Age => _term is { } term ? _time.GetElapsedTime(term.SentTimestamp) : null;

    /// <summary>The moment of now, to be given back when the answer to what is sent now has come.</summary>
    internal LeaseMoment Moment() => new(_time.GetTimestamp(), _time.GetUtcNow());

    internal void Begin(long epoch, LeaseMoment sent) => _term = new Term(epoch, sent.Timestamp, sent.At);

    /// <returns>False when the lease had run out meanwhile: only a new epoch brings it back.</returns>
    internal bool Renew(long epoch, LeaseMoment sent)
    {
        if (!MayEmit(epoch))
        {
            return false;
        }

        _term = new Term(epoch, sent.Timestamp, sent.At);
        return true;
    }

    /// <summary>Gives it up: the ledger said that the epoch was taken over, or the node leaves.</summary>
    internal void End()
    {
        if (_term is { } term)
        {
            _term = term with { Ended = true };
        }
    }

    private bool Holds(Term term) => !term.Ended && _time.GetElapsedTime(term.SentTimestamp) < _validFor && _time.GetUtcNow() - term.SentAt < _validFor;

    private sealed record Term(long Epoch, long SentTimestamp, DateTimeOffset SentAt, bool Ended = false);
}

internal readonly record struct LeaseMoment(long Timestamp, DateTimeOffset At);
