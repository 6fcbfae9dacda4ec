using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Smpp.Receipts;

/// <summary>What a carrier says about an earlier message.</summary>
/// <param name="MessageId">The carrier's id of it, as written.</param>
/// <param name="State">Its state; null where the carrier's word or number is none of the specification's.</param>
/// <param name="StateText">The state as the carrier wrote it in the text; null where there is no text.</param>
/// <param name="Error">
/// The carrier's error code as written in the text, else the code of the TLV network_error_code in decimal; null where both are absent.
/// </param>
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

/// <summary>Reads receipts out of deliver_sm: the TLVs first, the text as fallback. SMPP 3.4, 2.11, 5.3.2.12, 5.3.2.35, Appendix B.</summary>
public static class ReceiptReader
{
    private const byte Ucs2 = 8;

    /// <summary>Reads a receipt. Call it where esm_class says so (<see cref="EsmClass.IsReceiptOrNotification"/>).</summary>
    /// <param name="pdu">The deliver_sm.</param>
    /// <param name="receipt">What it says.</param>
    /// <returns>False when no message id can be found: unreadable, to be stored raw.</returns>
    public static bool TryRead(DeliverSm pdu, [NotNullWhen(true)] out CarrierReceipt? receipt)
    {
        ArgumentNullException.ThrowIfNull(pdu);
        receipt = null;
        var raw = TextOf(pdu);
        _ = ReceiptText.TryParse(raw, out var text); // The TLVs may say all there is.
        var id = pdu.Tlvs.TryGetCString(TlvTag.ReceiptedMessageId, out var tagged) && tagged.Length > 0 ? tagged : text.Id;
        if (id is null)
            return false;
        receipt = new CarrierReceipt(
            id,
            StateOf(pdu.Tlvs) ?? text.State,
            text.Stat,
            text.Error ?? NetworkErrorOf(pdu.Tlvs),
            text.DoneDate,
            (pdu.EsmClass & EsmClass.TypeMask) == EsmClass.IntermediateNotification,
            raw);
        return true;
    }

    // Receipts are ASCII in nearly every coding a carrier may name; only two-octet units need a look at data_coding.
    private static string TextOf(DeliverSm pdu)
    {
        var payload = pdu.Payload;
        if (EsmClass.HasUserDataHeader(pdu.EsmClass))
            UserDataHeader.TrySplit(payload, out _, out payload);
        return pdu.DataCoding == Ucs2 && DataCoding.TryDecode(Alphabet.Utf16, payload.Span, out var text)
            ? text
            : Encoding.Latin1.GetString(payload.Span);
    }

    private static MessageState? StateOf(TlvList tlvs) =>
        tlvs.TryGetByte(TlvTag.MessageState, out var state) && state is >= (byte)MessageState.Enroute and <= (byte)MessageState.Rejected
            ? (MessageState)state
            : null;

    private static string? NetworkErrorOf(TlvList tlvs) =>
        tlvs.TryGet(TlvTag.NetworkErrorCode, out var error) && error.Length == 3
            ? BinaryPrimitives.ReadUInt16BigEndian(error.Span[1..]).ToString(CultureInfo.InvariantCulture)
            : null;
}
