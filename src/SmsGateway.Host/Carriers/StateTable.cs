using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;

namespace SmsGateway.Host.Carriers;

/// <summary>
/// The one table (design, section 9.3) from what carriers say to what customers are told: a final command_status or the state in
/// a receipt becomes message_state and result_code. docs/state-table.md is the same table; a test compares them.
/// </summary>
internal static class StateTable
{
    /// <summary>result_code: no failure.</summary>
    public const short Success = 0;

    /// <summary>result_code: rejected by the upstream provider.</summary>
    public const short Rejected = 1;

    /// <summary>result_code: this carrier takes no alphanumeric senders.</summary>
    public const short AlphanumericSender = 4;

    /// <summary>result_code: this carrier does not take this sender.</summary>
    public const short SenderNotAllowed = 5;

    /// <summary>result_code: throttled.</summary>
    public const short Throttled = 6;

    /// <summary>result_code: message body too long.</summary>
    public const short TooLong = 8;

    /// <summary>result_code: internal error, try again.</summary>
    public const short InternalError = 98;

    /// <summary>result_code: nothing else fits.</summary>
    public const short Unmapped = 99;

    /// <summary>message_state of every submit_sm that a carrier refused for good.</summary>
    public const MessageState RefusedState = MessageState.Rejected;

    /// <summary>Statuses with a result_code of their own. The others are <see cref="Unmapped"/>.</summary>
    public static IReadOnlyDictionary<CommandStatus, short> StatusResults { get; } = new Dictionary<CommandStatus, short>
    {
        [CommandStatus.InvalidMessageLength] = TooLong,
        [CommandStatus.SystemError] = InternalError,
        [CommandStatus.InvalidSourceAddress] = SenderNotAllowed,
        [CommandStatus.InvalidDestinationAddress] = Rejected,
        [CommandStatus.MessageQueueFull] = Throttled,
        [CommandStatus.SubmitFailed] = Rejected,
        [CommandStatus.InvalidSourceTon] = SenderNotAllowed,
        [CommandStatus.InvalidSourceNpi] = SenderNotAllowed,
        [CommandStatus.InvalidDestinationTon] = Rejected,
        [CommandStatus.InvalidDestinationNpi] = Rejected,
        [CommandStatus.Throttled] = Throttled,
        [CommandStatus.ReceiverTemporaryError] = Rejected,
        [CommandStatus.ReceiverPermanentError] = Rejected,
        [CommandStatus.ReceiverReject] = Rejected,
        [CommandStatus.DeliveryFailure] = Rejected,
    };

    /// <summary>The states of receipts, each with its result_code. A state that is none of these counts as <see cref="MessageState.Unknown"/>.</summary>
    public static IReadOnlyDictionary<MessageState, short> StateResults { get; } = new Dictionary<MessageState, short>
    {
        [MessageState.Enroute] = Success,
        [MessageState.Delivered] = Success,
        [MessageState.Expired] = Unmapped,
        [MessageState.Deleted] = Rejected,
        [MessageState.Undeliverable] = Rejected,
        [MessageState.Accepted] = Success,
        [MessageState.Unknown] = Unmapped,
        [MessageState.Rejected] = Rejected,
    };

    /// <summary>result_code of a submit_sm that was refused for good.</summary>
    /// <param name="status">The carrier's command_status.</param>
    /// <param name="sender">The sender it was submitted with: an alphanumeric one that is refused has a code of its own.</param>
    public static short ResultOf(CommandStatus status, string sender)
    {
        var result = StatusResults.GetValueOrDefault(status, Unmapped);
        return result == SenderNotAllowed && SenderKind.IsAlphanumeric(sender) ? AlphanumericSender : result;
    }

    /// <summary>What a receipt's state becomes.</summary>
    /// <param name="state">As read; null = no word or number of the specification.</param>
    public static (MessageState State, short Result) Of(MessageState? state) =>
        state is { } known && StateResults.TryGetValue(known, out var result) ? (known, result) : (MessageState.Unknown, Unmapped);
}
