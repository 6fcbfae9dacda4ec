using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// A window slot and a TPS token taken on one bind before the durable attempt is written (the fast path). Exactly one
// of Send and Release follows; Carriers implements it, because only a bind knows what a slot is.
internal abstract class SlotReservation
{
    /// <summary>The bind's name, <c>carrier@node#n</c>, as it stands in the attempt.</summary>
    public abstract string Bind { get; }

    /// <summary>Writes the segment. Only after the COMMIT of its attempt; a bind that died meanwhile ends it <c>not_sent</c>.</summary>
    public abstract void Send(QueuedSegment segment, DateTimeOffset attemptedAt);

    /// <summary>Gives slot and token back; nothing was written.</summary>
    public abstract void Release();
}
