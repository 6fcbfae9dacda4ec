using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>Everything the ledger knows of one message but its text. The handset's number is masked except for the role admin.</summary>
internal sealed record MessageView(
    string Id, MtState State, string Account, Protocol Protocol, string? MessageId, string? AppId, string? ConversationId, string Sender,
    string? Destination, string? CarrierAsked, IReadOnlyList<string> Route, Priority Priority, RegisteredReceipts Registered, byte DataCoding,
    short Parts, DateTimeOffset AcceptedAt, DateTimeOffset ValidUntil, decimal? Price, decimal? Cost, string? Currency,
    IReadOnlyList<SegmentInfo> Segments, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<ReceiptInfo> Receipts,
    IReadOnlyList<DeliveryInfo> Deliveries, bool PossibleDuplicate)
{
    public static MessageView Of(MessageTrace trace, bool wholeNumbers)
    {
        var entry = trace.Entry;
        return new MessageView(
            entry.Id.ToString(), trace.State, entry.Account, entry.Protocol, entry.ClientMessageId, entry.AppId, entry.ConversationId, entry.Sender,
            PhoneMask.Of(entry.Destination, wholeNumbers), entry.CarrierAsked, entry.Route, entry.Priority, entry.Registered, entry.DataCoding,
            entry.Parts, entry.AcceptedAt, entry.ValidUntil, entry.Price, entry.Cost, entry.Currency, trace.Segments,
            [.. trace.Attempts.Select(AttemptView.Of)], trace.Receipts, trace.Deliveries, trace.PossibleDuplicate);
    }
}

/// <summary>One attempt to write one segment to one bind. end is absent while it is open; command_status is the carrier's answer.</summary>
internal sealed record AttemptView(
    short Segment, short Number, string Connector, string Bind, short Node, long Epoch, DateTimeOffset At, DateTimeOffset? EndedAt,
    AttemptEndKind? End, string? CommandStatus, string? CarrierMessageId, bool IsEvidence)
{
    public static AttemptView Of(AttemptInfo attempt) => new(
        attempt.Segment, attempt.Number, attempt.Connector, attempt.Bind, attempt.Node, attempt.Epoch, attempt.At, attempt.EndedAt, attempt.End,
        attempt.End is AttemptEndKind.Answered or AttemptEndKind.Refused || attempt.IsEvidence ? $"0x{attempt.CommandStatus:X8}" : null,
        attempt.CarrierMessageId, attempt.IsEvidence);
}
