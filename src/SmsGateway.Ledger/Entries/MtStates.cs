namespace SmsGateway.Ledger;

// Derives the state of a message from where its segments are and what receipts say: the one place that does.
internal static class MtStates
{
    public static MessageTrace Trace(
        EntryInfo entry,
        List<QueuedInfo> queued,
        List<short> parked,
        List<AttemptInfo> attempts,
        List<ReceiptInfo> receipts,
        List<DeliveryInfo> deliveries)
    {
        var segments = new List<SegmentInfo>(entry.Parts);
        for (short number = 1; number <= entry.Parts; number++)
        {
            var waiting = queued.Find(q => q.Segment == number);
            var last = attempts.FindLast(a => a.Segment == number && !a.IsEvidence);
            var state = OfSegment(waiting is not null, parked.Contains(number), last, receipts.FindAll(r => r.Segment == number));
            segments.Add(new SegmentInfo(number, state, waiting?.DueAt, waiting?.Connector ?? last?.Connector, waiting?.Attempt ?? 0));
        }

        return new MessageTrace(entry, OfMessage(segments, receipts), segments, attempts, receipts, deliveries);
    }

    /// <summary>A receipt that settles the segment wins; else the segment's place tells.</summary>
    public static MtState OfSegment(bool isQueued, bool isParked, AttemptInfo? last, List<ReceiptInfo> receipts)
    {
        if (Settled(receipts) is { } state)
        {
            return state;
        }

        if (isQueued)
        {
            return MtState.Accepted;
        }

        return last switch
        {
            null => isParked ? MtState.Parked : MtState.Accepted,
            { End: null } => MtState.Submitting,
            { End: AttemptEndKind.Answered } => MtState.Submitted,
            { End: AttemptEndKind.Refused } => isParked ? MtState.Parked : MtState.Rejected,
            { End: AttemptEndKind.GivenUp } => MtState.Unknown,
            _ => isParked ? MtState.Parked : MtState.Accepted,
        };
    }

    /// <summary>A derived receipt decides; else a segment that failed does; else the one that has come the least far.</summary>
    public static MtState OfMessage(List<SegmentInfo> segments, List<ReceiptInfo> receipts)
    {
        if (segments.Count > 1 && Settled(receipts.FindAll(r => r.Segment == 0)) is { } derived)
        {
            return derived;
        }

        var failed = segments.Find(s => s.State is MtState.Undeliverable or MtState.Expired or MtState.Rejected or MtState.Deleted);
        return failed?.State ?? segments.MinBy(s => Progress(s.State))!.State;
    }

    /// <summary>The last final receipt (by done date, then arrival); unknown only where no final one is.</summary>
    private static MtState? Settled(List<ReceiptInfo> receipts)
    {
        var last = receipts.Where(r => r.State.IsFinal()).OrderBy(r => r.DoneAt).ThenBy(r => r.At).LastOrDefault()
            ?? receipts.LastOrDefault(r => r.State == ReceiptState.Unknown);
        return last?.State switch
        {
            ReceiptState.Delivered => MtState.Delivered,
            ReceiptState.Expired => MtState.Expired,
            ReceiptState.Deleted => MtState.Deleted,
            ReceiptState.Undeliverable => MtState.Undeliverable,
            ReceiptState.Rejected => MtState.Rejected,
            ReceiptState.Unknown => MtState.Unknown,
            _ => null,
        };
    }

    private static int Progress(MtState state) => state switch
    {
        MtState.Parked => 0,
        MtState.Accepted => 1,
        MtState.Submitting => 2,
        MtState.Submitted => 3,
        MtState.Unknown => 4,
        _ => 5,
    };
}
