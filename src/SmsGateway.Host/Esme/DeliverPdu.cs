using System.Text;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Esme;

// The deliver_sm of a delivery (docs/smpp-profile.md): TON, NPI and times are never set, a receipt carries the carrier's
// text octet by octet, ids and states are in TLVs.
internal static class DeliverPdu
{
    private const byte Features = EsmClass.UserDataHeader | EsmClass.ReplyPath;
    private const byte MessageBits = EsmClass.TypeMask | Features;

    /// <param name="delivery">The delivery.</param>
    /// <param name="accounts">What data_coding 0 means to the account.</param>
    public static DeliverSm Of(Delivery delivery, DefaultEncoding accounts)
    {
        var body = delivery.Body ?? Encoding.Latin1.GetBytes(ReceiptOf(delivery).Format());
        var isLong = body.Length > MessageRequest.MaxShortMessageLength;
        return new DeliverSm
        {
            SourceAddr = delivery.Source,
            DestinationAddr = delivery.Destination,
            EsmClass = EsmClassOf(delivery),
            DataCoding = DataCodingOf(delivery, body, accounts),
            ShortMessage = isLong ? default : body,
            Tlvs = TlvsOf(delivery, isLong ? body : null),
        };
    }

    private static byte EsmClassOf(Delivery delivery)
    {
        if (delivery.Kind == DeliveryKind.Mo)
        {
            return (byte)(delivery.EsmClass & MessageBits);
        }

        return (byte)(EsmClass.Receipt | (delivery.Body is null ? 0 : delivery.EsmClass & Features));
    }

    // Most defaults read ASCII as it is; to an account with one of the others it is named. A carrier's receipt keeps what the carrier said.
    private static byte DataCodingOf(Delivery delivery, ReadOnlyMemory<byte> body, DefaultEncoding accounts)
    {
        var coding = delivery.Body is null ? (byte)0 : delivery.DataCoding;
        if (coding != 0 || accounts is not (DefaultEncoding.Utf16 or DefaultEncoding.Jis0212)
            || delivery is { Body: not null, Kind: DeliveryKind.Receipt })
        {
            return coding;
        }

        var text = body;
        if (EsmClass.HasUserDataHeader(EsmClassOf(delivery)))
        {
            UserDataHeader.TrySplit(body, out _, out text);
        }

        return Ascii.IsValid(text.Span) ? DataCoding.ValueOf(Alphabet.Ascii) : coding;
    }

    private static TlvList TlvsOf(Delivery delivery, byte[]? payload)
    {
        Span<Tlv> tlvs = new Tlv[8];
        var count = 0;
        if (payload is not null)
        {
            tlvs[count++] = new Tlv(TlvTag.MessagePayload, payload);
        }

        if (delivery.Kind == DeliveryKind.Receipt)
        {
            tlvs[count++] = Tlv.OfCString(TlvTag.ReceiptedMessageId, delivery.MessageId.ToString());
            tlvs[count++] = Tlv.OfByte(TlvTag.MessageState, (byte)(delivery.State ?? ReceiptState.Unknown));
            Echo(tlvs, ref count, TlvTag.ClientMessageId, delivery.ClientMessageId);
            Echo(tlvs, ref count, TlvTag.AppId, delivery.AppId);
            Echo(tlvs, ref count, TlvTag.ConversationId, delivery.ConversationId);
            tlvs[count++] = Tlv.OfByte(TlvTag.ResultCode, (byte)delivery.ResultCode);
        }
        else
        {
            Echo(tlvs, ref count, TlvTag.CarrierId, delivery.Connector);
        }

        tlvs[count++] = Tlv.OfCString(TlvTag.DeliveryId, delivery.Id.ToString("N"));
        return TlvList.Create(tlvs[..count]);
    }

    private static void Echo(Span<Tlv> tlvs, ref int count, ushort tag, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            tlvs[count++] = SubmitEchoes.Tlv(tag, value);
        }
    }

    // Receipts of the gateway itself (derived, expired) in the form of Appendix B, with our id.
    private static ReceiptText ReceiptOf(Delivery delivery) => new()
    {
        Id = delivery.MessageId.ToString(),
        Submitted = 1,
        Delivered = delivery.State == ReceiptState.Delivered ? 1 : 0,
        SubmitDate = delivery.AcceptedAt.UtcDateTime,
        DoneDate = (delivery.DoneAt ?? delivery.CreatedAt).UtcDateTime,
        State = (MessageState)(delivery.State ?? ReceiptState.Unknown),
        Error = delivery.Error,
    };
}
