using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>Why an attempt is in doubt.</summary>
internal enum DoubtCause
{
    /// <summary>Its node was started anew, or lost its right to emit.</summary>
    EpochGone,

    /// <summary>Its bind ended before the answer came.</summary>
    BindGone,

    /// <summary>The ledger was restored to an earlier point in time: whether it was sent since, only the carrier knows.</summary>
    Restored,
}

// Tells an attempt in doubt from one that waits for its answer, whether its node may know more than the ledger, and whether its socket can have drained.
internal sealed class DoubtFilter(NodeIdentity self, BindDirectory binds, LingeringBinds lingering, UntoldEnds ends, Holding holding)
{
    // How old an attempt must be before another node's telling of its binds is believed: it tells within a second or two, and its clock and this
    // one may differ by up to 5 s. So long, too, the commit of an attempt of this node's own may have been tried before it was known to stand.
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Of its own binds this node knows best; each other node tells which of its binds are up or have ends to be told. Null = not in doubt.
    /// </summary>
    public DoubtCause? CauseOf(OpenAttempt attempt, DateTimeOffset now)
    {
        if (RestoredBind.Is(attempt.Bind))
        {
            return DoubtCause.Restored;
        }

        if (attempt.EpochIsGone)
        {
            return DoubtCause.EpochGone;
        }

        var gone = attempt.NodeName == self.Name ? !binds.Contains(attempt.Bind) && !ends.Has(attempt.Bind) : attempt.BindIsGone && now - attempt.At > Telling;
        return gone ? DoubtCause.BindGone : null;
    }

    /// <summary>
    /// Whether its node may know its end and not have told it: it has a journal to play. Of this node by what it knows itself, of others by what they told
    /// last: one that is cut off from the ledger tells nothing.
    /// </summary>
    public bool MayBeUntold(OpenAttempt attempt, DateTimeOffset now)
    {
        if (attempt.NodeName != self.Name)
        {
            return attempt.Held > 0;
        }

        // A live bind has ends to tell all the time, and not those of an epoch that is gone. The journal last: ends go from memory to the disk.
        var isOfThisProcess = attempt.Epoch >= self.FirstEpoch && !RestoredBind.Is(attempt.Bind);
        return (isOfThisProcess && (now - attempt.At <= Telling || (!binds.Contains(attempt.Bind) && ends.Has(attempt.Bind)))) ||
            holding.Journal is { Held: > 0 };
    }

    /// <summary>
    /// Whether it may be sent again now. Null when only its own node can tell: its epoch is the present one there, and when its bind's socket was
    /// closed nobody else knows.
    /// </summary>
    public bool? HasDrained(OpenAttempt attempt, IReadOnlySet<string> names)
    {
        var isMine = attempt.NodeName == self.Name;
        if (!attempt.EpochIsGone)
        {
            return isMine ? !names.Contains(attempt.Bind) : null;
        }

        return attempt.GoneFor >= lingering.Drain && !(isMine && attempt.Epoch >= self.FirstEpoch && names.Contains(attempt.Bind));
    }

    public IReadOnlySet<string> Lingering => lingering.Names;
}
