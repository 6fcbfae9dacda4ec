using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Esme;

// Finds the message in a submit_sm: which alphabet, whole or part, text or octets. Carriers get data_coding 0 (GSM 03.38),
// 8 (UTF-16) or 4 (binary), whatever the client wrote in.
internal static class SubmitBodyReader
{
    private const byte CarrierGsm = 0;
    private const byte CarrierBinary = 4;
    private const byte CarrierUtf16 = 8;
    private const int AirOctets = 140;

    // What a carrier is told of esm_class besides headers: kind of message and reply path, no mode.
    private const byte KeptBits = EsmClass.TypeMask | EsmClass.ReplyPath;

    public static SubmitBody Read(SubmitSm pdu, AccountSettings account)
    {
        if (pdu.HasTwoPayloads)
        {
            return Refused(CommandStatus.InvalidMessageLength, "short_message and message_payload are both there");
        }

        if (!DataCoding.TryGetAlphabet(pdu.DataCoding, DefaultAlphabet(account), out var alphabet))
        {
            return Refused(CommandStatus.SubmitFailed, $"data_coding 0x{pdu.DataCoding:X2} is not in the table");
        }

        var hasHeader = EsmClass.HasUserDataHeader(pdu.EsmClass);
        var sar = SarPart.Read(pdu.Tlvs, out var badSar);
        if (badSar || (sar is not null && hasHeader))
        {
            return Refused(CommandStatus.InvalidOptionalParameterValue, badSar ? "sar_* values are impossible" : "sar_* beside a user data header");
        }

        var kept = (byte)(pdu.EsmClass & KeptBits);
        if (hasHeader)
        {
            return UserDataHeader.TrySplit(pdu.Payload, out var header, out var rest)
                ? OnePart(header, rest, alphabet, kept, HeaderPart(header.Span))
                : Refused(CommandStatus.InvalidEsmClass, "esm_class announces a user data header that is not there");
        }

        return sar is { Total: > 1 } part
            ? OnePart(SarPart.Header(part), pdu.Payload, alphabet, kept, part)
            : Whole(pdu.Payload, alphabet, kept);
    }

    private static SubmitBody Whole(ReadOnlyMemory<byte> payload, Alphabet alphabet, byte esmClass)
    {
        if (alphabet == Alphabet.Binary)
        {
            return new SubmitBody(CommandStatus.Ok, "", Payload: payload, DataCoding: CarrierBinary, EsmClass: esmClass);
        }

        return DataCoding.TryDecode(alphabet, payload.Span, out var text)
            ? new SubmitBody(CommandStatus.Ok, "", Text: text, EsmClass: esmClass)
            : Undecodable(alphabet);
    }

    private static SubmitBody OnePart(
        ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> rest, Alphabet alphabet, byte esmClass, ConcatPart? part)
    {
        if (!TryTranscode(ref rest, alphabet, out var dataCoding))
        {
            return Undecodable(alphabet);
        }

        var room = dataCoding == CarrierGsm ? (AirOctets - header.Length) * 8 / 7 : AirOctets - header.Length;
        if (rest.Length > room)
        {
            return Refused(CommandStatus.InvalidMessageLength, "the part does not fit one segment");
        }

        var payload = new byte[header.Length + rest.Length];
        header.CopyTo(payload);
        rest.CopyTo(payload.AsMemory(header.Length));
        return new SubmitBody(
            CommandStatus.Ok, "", null, payload, dataCoding, (byte)(esmClass | EsmClass.UserDataHeader), part);
    }

    // A part that the client cut itself stays one part. What carriers understand as it is passes octet by octet, so that a
    // surrogate pair or an escape sequence cut in two survives; the rest becomes GSM 03.38, or else UTF-16.
    private static bool TryTranscode(ref ReadOnlyMemory<byte> octets, Alphabet alphabet, out byte dataCoding)
    {
        switch (alphabet)
        {
            case Alphabet.Binary:
                dataCoding = CarrierBinary;
                return true;
            case Alphabet.Utf16:
                dataCoding = CarrierUtf16;
                return octets.Length % 2 == 0;
            case Alphabet.Gsm0338:
                dataCoding = CarrierGsm;
                return !octets.Span.ContainsAnyExceptInRange((byte)0, (byte)0x7F);
        }

        dataCoding = CarrierGsm;
        if (!DataCoding.TryDecode(alphabet, octets.Span, out var text))
        {
            return false;
        }

        if (!DataCoding.TryEncode(Alphabet.Gsm0338, text, out var encoded))
        {
            dataCoding = CarrierUtf16;
            if (!DataCoding.TryEncode(Alphabet.Utf16, text, out encoded))
            {
                return false;
            }
        }

        octets = encoded;
        return true;
    }

    private static ConcatPart? HeaderPart(ReadOnlySpan<byte> header) =>
        UserDataHeader.TryGetConcatenation(header, out var c) ? new ConcatPart(c.Reference, c.Total, c.Part) : null;

    // The numbers of DefaultEncoding are the table's own; 0 is UTF-8 there.
    private static Alphabet DefaultAlphabet(AccountSettings account) =>
        DataCoding.TryGetAlphabet((byte)account.DefaultEncoding, Alphabet.Utf8, out var alphabet) ? alphabet : Alphabet.Utf8;

    private static SubmitBody Undecodable(Alphabet alphabet) => Refused(CommandStatus.SubmitFailed, $"the payload is not {alphabet}");

    private static SubmitBody Refused(CommandStatus status, string fault) => new(status, fault);
}
