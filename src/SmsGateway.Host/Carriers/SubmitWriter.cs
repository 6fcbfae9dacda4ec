using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Carriers;

// Writes a queued segment as the submit_sm that one carrier wants: types of number, default alphabet, validity, receipts.
internal static class SubmitWriter
{
    private const byte DefaultAlphabet = 0;
    private const byte Ucs2 = 8;
    private static readonly TimeSpan ShortestValidity = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestValidity = TimeSpan.FromDays(99);

    public static SubmitSm Write(QueuedSegment segment, CarrierQuirks quirks, DateTimeOffset now)
    {
        var alphanumeric = SenderKind.IsAlphanumeric(segment.Sender);
        var isNumber = !alphanumeric && !SenderKind.IsShortCode(segment.Sender);
        var (dataCoding, payload) = Payload(segment, quirks.DefaultAlphabet);
        var isLong = payload.Length > MessageRequest.MaxShortMessageLength;
        return new SubmitSm
        {
            SourceAddrTon = quirks.SourceTon ?? (alphanumeric ? Ton.Alphanumeric : isNumber ? Ton.International : Ton.NetworkSpecific),
            SourceAddrNpi = quirks.SourceNpi ?? (isNumber ? Npi.Isdn : Npi.Unknown),
            SourceAddr = segment.Sender,
            DestAddrTon = quirks.DestinationTon ?? Ton.International,
            DestAddrNpi = quirks.DestinationNpi ?? Npi.Isdn,
            DestinationAddr = segment.Destination,
            EsmClass = segment.EsmClass,
            ProtocolId = segment.ProtocolId,
            ValidityPeriod = quirks.SendValidity ? Validity(segment.ValidUntil - now) : "",
            // Which receipts the account is owed is decided when they come; a long message needs those of all its parts.
            RegisteredDelivery = segment.Registered == RegisteredReceipts.None ? (byte)0 : (byte)1,
            DataCoding = dataCoding,
            ShortMessage = isLong ? default : payload,
            Tlvs = isLong ? [new Tlv(TlvTag.MessagePayload, payload)] : TlvList.Empty,
        };
    }

    // Whole seconds, at least one: zero would be no validity.
    private static string Validity(TimeSpan left) => SmppTime.FormatRelative(left < ShortestValidity ? ShortestValidity : left > LongestValidity ? LongestValidity : left);

    // Segments are written in GSM 03.38 or UTF-16. A carrier whose data_coding 0 means something else gets its own octets,
    // or UTF-16 when its alphabet lacks a character.
    private static (byte DataCoding, ReadOnlyMemory<byte> Payload) Payload(QueuedSegment segment, CarrierAlphabet alphabet)
    {
        if (segment.DataCoding != DefaultAlphabet || alphabet == CarrierAlphabet.Gsm0338)
        {
            return (segment.DataCoding, segment.Payload);
        }

        ReadOnlyMemory<byte> header = default;
        ReadOnlyMemory<byte> body = segment.Payload;
        if ((EsmClass.HasUserDataHeader(segment.EsmClass) && !UserDataHeader.TrySplit(segment.Payload, out header, out body))
            || !DataCoding.TryDecode(Alphabet.Gsm0338, body.Span, out var text))
        {
            return (segment.DataCoding, segment.Payload);
        }

        var own = alphabet == CarrierAlphabet.Latin1 ? Alphabet.Latin1 : Alphabet.Utf8;
        if (DataCoding.TryEncode(own, text, out var octets))
        {
            return (DefaultAlphabet, Joined(header, octets));
        }

        return DataCoding.TryEncode(Alphabet.Utf16, text, out octets) ? (Ucs2, Joined(header, octets)) : (segment.DataCoding, segment.Payload);
    }

    private static ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> header, byte[] body)
    {
        if (header.IsEmpty)
        {
            return body;
        }

        var whole = new byte[header.Length + body.Length];
        header.CopyTo(whole);
        body.CopyTo(whole.AsSpan(header.Length));
        return whole;
    }
}
