namespace SmsGateway.Ledger;

/// <summary>What becomes of an attempt in doubt without an answer.</summary>
public enum DoubtDecision : byte
{
    /// <summary>The attempt ends and the segment is sent again: it may reach its handset twice.</summary>
    Resend = 1,

    /// <summary>The attempt ends given up: the message is unknown, with a receipt that says so.</summary>
    GiveUp = 2,

    /// <summary>An operator knows that the carrier has it: the attempt ends answered, without the carrier's id. A receipt may still find it.</summary>
    Sent = 3,
}

/// <summary>One open attempt that is in doubt, as it was looked at: only this very try is decided.</summary>
/// <param name="Key">Which.</param>
/// <param name="Connector">The connector it was made on.</param>
/// <param name="Bind">The bind it was made on.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Owner">The node that made it.</param>
/// <param name="Epoch">The epoch it was made in.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="ValidUntil">End of validity.</param>
/// <param name="GoneFor">How long its epoch has been gone for certain, by the ledger's clock; null while it is the present one.</param>
public sealed record Doubt(
    AttemptKey Key, string Connector, string Bind, DateTimeOffset At, short Owner, long Epoch, Priority Priority, DateTimeOffset ValidUntil, TimeSpan? GoneFor);

/// <summary>What a node knows of its own binds, and what it wants to know.</summary>
/// <param name="FirstEpoch">The first epoch of this process: an earlier one is of another process, whose binds had the same names.</param>
/// <param name="Binds">Its binds that are up, or whose socket was closed so lately that it may still drain.</param>
/// <param name="Resend">Connectors and priorities that a policy wants to be sent again.</param>
/// <param name="Limit">At most this many, the oldest.</param>
public sealed record DoubtQuery(long FirstEpoch, IReadOnlyCollection<string> Binds, IReadOnlyCollection<(string Connector, Priority Priority)> Resend, int Limit);

/// <summary>Why doubts are decided, and who does it.</summary>
/// <param name="Decision">What becomes of them.</param>
/// <param name="Why">A word for the list of what was decided: <c>policy</c>, <c>validity</c>, <c>operator</c>.</param>
public sealed record DoubtOrder(DoubtDecision Decision, string Why)
{
    /// <summary>How long the socket of a dead process may still deliver: nothing is sent again before. Only for <see cref="DoubtDecision.Resend"/>.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>Gives up also what is still valid.</summary>
    public bool Early { get; init; }

    /// <summary>The operator; null for a policy.</summary>
    public AuditActor? By { get; init; }

    /// <summary>What the operator asked for, for the audit.</summary>
    public string? Target { get; init; }
}

/// <summary>A doubt that a receipt resolved.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="WasOpen">False: it had been decided before; the receipt's id is kept as evidence.</param>
public readonly record struct DoubtNamed(string Connector, bool WasOpen);

/// <summary>Something that was sent again: it may have reached its handset twice.</summary>
/// <param name="Id">The message.</param>
/// <param name="Segment">Its segment.</param>
/// <param name="Attempt">The attempt that was in doubt; the one that was sent again is a later number.</param>
/// <param name="Account">The account; empty when the message is past retention.</param>
/// <param name="ClientMessageId">The account's own id.</param>
/// <param name="Connector">The connector of the attempt in doubt.</param>
/// <param name="At">When it was sent again.</param>
/// <param name="Why"><c>policy</c> or <c>operator</c>.</param>
public sealed record PossibleDuplicate(
    MessageId Id, short Segment, short Attempt, string Account, string? ClientMessageId, string Connector, DateTimeOffset At, string Why);
