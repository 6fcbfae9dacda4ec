using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// One slot of one bind's window (and one TPS token), from its reservation to the answer; it travels with the submit_sm
// through the session, so that the answer finds its attempt without a lookup.
internal sealed class SubmitSlot(CarrierBind bind, SubmitPool pool, long epoch) : SlotReservation
{
    private QueuedSegment? _segment;

    public override string Bind => bind.Name;

    public CarrierBind Owner => bind;

    /// <summary>
    /// The epoch in which it was reserved, before the attempt was committed: as long as the node still holds it, the attempt was
    /// committed under it too.
    /// </summary>
    public long Epoch => epoch;

    public QueuedSegment Segment => _segment ?? throw new InvalidOperationException("nothing was sent in this slot");

    public DateTimeOffset AttemptedAt { get; private set; }

    public AttemptKey Attempt => new(Segment.Key, Segment.Attempt);

    public override void Send(QueuedSegment segment, DateTimeOffset attemptedAt)
    {
        _segment = segment;
        AttemptedAt = attemptedAt;
        bind.Submit(this);
    }

    public override void Release() => pool.Return(this);
}
