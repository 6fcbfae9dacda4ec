namespace SmsGateway.Ledger;

/// <summary>Names one segment of one message.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Day">UTC day of acceptance: the partition, carried along everywhere.</param>
/// <param name="Segment">1-based number of the part; 0 stands for the message as a whole (derived receipts).</param>
public readonly record struct SegmentKey(Guid Id, DateOnly Day, short Segment);

/// <summary>Names one attempt to write one segment to one bind.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Number">From 1, grows with each attempt of the segment.</param>
public readonly record struct AttemptKey(SegmentKey Segment, short Number);
