using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Receipts;

/// <summary>What a carrier says about an earlier message.</summary>
/// <param name="MessageId">The carrier's id of it, as written.</param>
/// <param name="State">Its state; null where the carrier's word or number is none of the specification's.</param>
/// <param name="StateText">The state as the carrier wrote it in the text; null where there is no text.</param>
/// <param name="Error">The carrier's error code as text, from the receipt text or network_error_code; null where absent.</param>
/// <param name="DoneDate">Time of the state in the carrier's local time; null where absent.</param>
/// <param name="IsIntermediate">True for an intermediate notification (esm_class 0x20).</param>
/// <param name="RawText">The text unmodified; empty where there is none.</param>
public sealed record CarrierReceipt(
    string MessageId,
    MessageState? State,
    string? StateText,
    string? Error,
    DateTime? DoneDate,
    bool IsIntermediate,
    string RawText);

/// <summary>Reads receipts out of deliver_sm: the TLVs first, the text as fallback.</summary>
public static class ReceiptReader
{
    /// <summary>Reads a receipt. Call it where esm_class says so (<see cref="EsmClass.IsReceiptOrNotification"/>).</summary>
    /// <param name="pdu">The deliver_sm.</param>
    /// <param name="receipt">What it says.</param>
    /// <returns>False when no message id can be found: unreadable, to be stored raw.</returns>
    public static bool TryRead(DeliverSm pdu, out CarrierReceipt? receipt) => throw new NotImplementedException();
}
