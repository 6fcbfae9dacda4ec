using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Flow;

/// <summary>A message as carriers will get it.</summary>
/// <param name="DataCoding">0 GSM 03.38, 4 binary, 8 UTF-16 big-endian: what every carrier understands.</param>
/// <param name="EsmClass">With the UDH bit when the payloads carry headers.</param>
/// <param name="Payloads">One per segment, in order.</param>
/// <param name="Whole">The uncut octets, which the content hash is made of.</param>
internal readonly record struct EncodedMessage(byte DataCoding, byte EsmClass, byte[][] Payloads, ReadOnlyMemory<byte> Whole);

// From what a customer handed in to the octets of each segment on the wire. The reference of a message we cut comes from
// its id, so that every node cuts the same message into the same octets.
internal static class MessageEncoder
{
    private const byte Gsm = 0;
    private const byte Binary = 4;
    private const byte Utf16 = 8;

    public static bool TryEncode(Submission submission, Guid id, out EncodedMessage message, out AcceptanceKind failure)
    {
        failure = AcceptanceKind.TooLong;
        message = default;
        if (submission.Text is null && (submission.EsmClass & EsmClass.UserDataHeader) != 0)
        {
            // The client's own header: the octets are one segment, whatever is in them.
            message = new EncodedMessage(submission.DataCoding, submission.EsmClass, [submission.Payload.ToArray()], submission.Payload);
            return true;
        }

        if (!TryOctets(submission, out var octets, out var dataCoding))
        {
            failure = AcceptanceKind.Unencodable;
            return false;
        }

        var alphabet = dataCoding switch { Gsm => Alphabet.Gsm0338, Utf16 => Alphabet.Utf16, _ => Alphabet.Binary };
        var cut = Segmenter.Cut(octets, alphabet, Reference(id), ReferenceWidth.Bits8, submission.Account.MaxParts);
        if (cut.TooLong)
        {
            return false;
        }

        var payloads = new byte[cut.Segments.Count][];
        for (var i = 0; i < payloads.Length; i++)
        {
            payloads[i] = cut.Segments[i].ToArray();
        }

        var esmClass = (byte)(submission.EsmClass | (cut.HasUserDataHeader ? EsmClass.UserDataHeader : 0));
        message = new EncodedMessage(dataCoding, esmClass, payloads, octets);
        return true;
    }

    private static bool TryOctets(Submission submission, [NotNullWhen(true)] out byte[]? octets, out byte dataCoding)
    {
        if (submission.Text is null)
        {
            octets = submission.Payload.ToArray();
            dataCoding = submission.DataCoding is Gsm or Utf16 ? submission.DataCoding : Binary;
            return true;
        }

        dataCoding = Gsm;
        if (DataCoding.TryEncode(Alphabet.Gsm0338, submission.Text, out octets))
        {
            return true;
        }

        dataCoding = Utf16;
        return DataCoding.TryEncode(Alphabet.Utf16, submission.Text, out octets);
    }

    private static ushort Reference(Guid id)
    {
        Span<byte> octets = stackalloc byte[16];
        id.TryWriteBytes(octets, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt16BigEndian(octets[14..]);
    }
}
