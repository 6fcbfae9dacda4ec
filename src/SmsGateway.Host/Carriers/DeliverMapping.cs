using System.Buffers;
using System.Security.Cryptography;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.Smpp.Wire;
using CarrierReceipt = SmsGateway.Ledger.CarrierReceipt;
using ReadReceipt = SmsGateway.Smpp.Receipts.CarrierReceipt;

namespace SmsGateway.Host.Carriers;

// From a carrier's deliver_sm to the facts that the ledger stores, by the quirks of its connector.
internal static class DeliverMapping
{
    private const int HeaderLength = 16;

    // What carriers print for no date (the year 1, 1970, 9999) or with a broken clock. Ahead: a time zone that nobody configured.
    private const int EarliestYear = 2000;
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(2);

    /// <summary>
    /// Whether it speaks of an earlier message: a receipt, an intermediate notification, or, from carriers that forget the
    /// bits, anything that names a message by TLV.
    /// </summary>
    public static bool IsReceipt(DeliverSm pdu) =>
        EsmClass.IsReceiptOrNotification(pdu.EsmClass)
        || ((pdu.EsmClass & EsmClass.TypeMask) == 0 && pdu.Tlvs.Contains(TlvTag.ReceiptedMessageId));

    /// <summary>Null when no id can be found in it.</summary>
    public static CarrierReceipt? Receipt(DeliverSm pdu, string connector, CarrierQuirks quirks, Guid bodyHash, DateTimeOffset now)
    {
        if (!ReceiptReader.TryRead(pdu, out var read) || string.IsNullOrWhiteSpace(read?.MessageId))
        {
            return null;
        }

        // An intermediate notification without a state says that the message is under way.
        var (state, result) = StateTable.Of(read.State ?? (read.IsIntermediate ? MessageState.Enroute : null));
        return new CarrierReceipt
        {
            Connector = connector,
            CarrierMessageId = CarrierMessageId.Normalise(read.MessageId, quirks.ReceiptIdNotation),
            Source = pdu.SourceAddr,
            Destination = pdu.DestinationAddr,
            State = (ReceiptState)state,
            ResultCode = result,
            Error = read.Error,
            DoneAt = DoneAt(read, quirks, now),
            At = now,
            DataCoding = pdu.DataCoding,
            EsmClass = pdu.EsmClass,
            Body = pdu.Payload.ToArray(),
#if DRILL
            BodyHash = Mutant.Is("repeated-receipt-forwarded") ? Guid.NewGuid() : bodyHash,
#else
            BodyHash = bodyHash,
#endif
        };
    }

    /// <param name="pdu">The MO.</param>
    /// <param name="connector">Where it came in.</param>
    /// <param name="quirks">Names the TLV of the carrier's id, if there is one.</param>
    /// <param name="owner">Whose number it is, and how it wants its MOs; null = nobody's.</param>
    /// <param name="bodyHash">Of the PDU's body.</param>
    /// <param name="now">When it came in.</param>
    public static NewMo Mo(
        DeliverSm pdu, string connector, CarrierQuirks quirks, (string Account, Protocol Protocol)? owner, Guid bodyHash, DateTimeOffset now)
    {
        var (esmClass, body) = MessageOf(pdu);
        return new NewMo
        {
            Id = Guid.CreateVersion7(now),
            Connector = connector,
            Account = owner?.Account,
            Protocol = owner?.Protocol ?? Protocol.Smpp,
            CarrierKey = quirks.MoIdTlv is { } tag && pdu.Tlvs.TryGetCString(tag, out var id) && id.Length > 0 ? id : null,
            BodyHash = bodyHash,
            Source = Handset(pdu),
            Destination = Number(pdu),
            EsmClass = esmClass,
            DataCoding = MoCoding.Of(pdu.DataCoding, esmClass, body, quirks.DefaultAlphabet),
            Body = body,
            At = now,
        };
    }

    /// <summary>The number an MO was sent to, as the number table has it.</summary>
    public static string Number(DeliverSm pdu) => pdu.DestinationAddr.TrimStart('+');

    /// <summary>The octets of the PDU, header included; the sequence number is 0, so that a repeat has the same ones.</summary>
    public static ReadOnlySpan<byte> Octets(DeliverSm pdu, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        PduCodec.Encode(scratch, pdu, sequence: 0);
        return scratch.WrittenSpan;
    }

    public static Guid HashOfBody(ReadOnlySpan<byte> octets)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets[HeaderLength..], digest);
        return new Guid(digest[..16], bigEndian: true);
    }

    // Customers know numbers without the plus (model service, 8.2). What is no number keeps it.
    private static string Handset(DeliverSm pdu)
    {
        var digits = pdu.SourceAddr.TrimStart('+');
        return digits.Length > 0 && !digits.AsSpan().ContainsAnyExceptInRange('0', '9') ? digits : pdu.SourceAddr;
    }

    // The sar_* TLVs of a part do not reach the customer, so it gets the header that says the same: without it the parts cannot be joined, and two with
    // equal text would look like the carrier's repeat.
    private static (byte EsmClass, byte[] Body) MessageOf(DeliverSm pdu) =>
        !EsmClass.HasUserDataHeader(pdu.EsmClass) && SarPart.Read(pdu.Tlvs, out _) is { Total: > 1 } part
            ? ((byte)(pdu.EsmClass | EsmClass.UserDataHeader), [.. SarPart.Header(part), .. pdu.Payload.Span])
            : (pdu.EsmClass, pdu.Payload.ToArray());

    // A date that cannot be is none: the receipt counts as done when it came in.
    private static DateTimeOffset DoneAt(ReadReceipt read, CarrierQuirks quirks, DateTimeOffset now)
    {
        var offset = TimeSpan.FromMinutes(quirks.ReceiptTimeZoneMinutes);
        if (read.DoneDate is not { } local || local.Year < EarliestYear || local > now.UtcDateTime + offset + MostAhead)
        {
            return now;
        }

        return new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), offset).ToUniversalTime();
    }
}
