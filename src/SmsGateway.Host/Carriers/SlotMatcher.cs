using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// Segment i goes into slot i, with one exception: a part of a message takes a slot on the bind of the part before it, as
// long as there is one, so that the parts of one message arrive in order.
internal sealed class SlotMatcher(SubmitPool pool)
{
    private Guid _message;
    private CarrierBind? _bind;

    public void Match(List<QueuedSegment> segments, List<SubmitSlot> slots)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.Parts == 1)
            {
                continue;
            }

            if (segment.Key.Id == _message && _bind is not null)
            {
                slots[i] = pool.Moved(slots[i], _bind);
            }

            (_message, _bind) = (segment.Key.Id, slots[i].Owner);
        }
    }
}
