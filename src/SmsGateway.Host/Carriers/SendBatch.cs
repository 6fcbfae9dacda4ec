using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// One batch on its way from the lanes to the binds; segments, slots and attempts run side by side. Used again by its loop.
internal sealed class SendBatch
{
    public List<QueuedSegment> Segments { get; } = [];

    public List<SubmitSlot> Slots { get; } = [];

    public List<NewAttempt> Attempts { get; } = [];

    /// <summary>Those of the attempts of which nobody knows whether they stand.</summary>
    public List<NewAttempt> Unknown { get; } = [];

    public void Describe(string connector, DateTimeOffset now)
    {
        for (var i = 0; i < Segments.Count; i++)
        {
            var segment = Segments[i];
            Attempts.Add(new NewAttempt(new AttemptKey(segment.Key, segment.Attempt), connector, Slots[i].Bind, now));
        }
    }

    public void Release()
    {
        foreach (var slot in Slots)
        {
            slot.Release();
        }
    }

    public void Clear()
    {
        Segments.Clear();
        Slots.Clear();
        Attempts.Clear();
        Unknown.Clear();
    }
}
