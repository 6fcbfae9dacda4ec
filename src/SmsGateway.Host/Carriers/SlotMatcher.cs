using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// Puts the parts of one message on one bind where slots allow, so that they arrive in order: segment i goes into slot i,
// and a slot further on is swapped to the front when it belongs to the bind that the part before it took.
internal sealed class SlotMatcher
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

            if (segment.Key.Id == _message && slots[i].Owner != _bind)
            {
                var found = slots.FindIndex(i + 1, slot => slot.Owner == _bind);
                if (found > 0)
                {
                    (slots[i], slots[found]) = (slots[found], slots[i]);
                }
            }

            (_message, _bind) = (segment.Key.Id, slots[i].Owner);
        }
    }
}
