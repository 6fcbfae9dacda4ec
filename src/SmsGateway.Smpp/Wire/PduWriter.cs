using System.Buffers.Binary;
using System.Text;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Wire;

// Writes the fields of one body into exactly the octets announced for it; PduCodec compares the two.
internal ref struct PduWriter(Span<byte> body)
{
    private readonly Span<byte> _span = body;

    internal int Written { get; private set; }

    internal void Byte(byte value) => _span[Written++] = value;

    // max counts the NUL, as the specification's tables do.
    internal void CString(string value, int max, string field)
    {
        if (value.Length >= max)
            throw new ArgumentException($"{field} has {value.Length} characters, {max - 1} are allowed");
        if (value.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00FF'))
            throw new ArgumentException($"{field} has a character that a C-octet string cannot carry");
        Written += Encoding.Latin1.GetBytes(value, _span[Written..]);
        _span[Written++] = 0;
    }

    internal void ShortMessage(ReadOnlySpan<byte> message)
    {
        if (message.Length > MessageRequest.MaxShortMessageLength)
            throw new ArgumentException($"short_message has {message.Length} octets, {MessageRequest.MaxShortMessageLength} are allowed");
        Byte((byte)message.Length);
        Octets(message);
    }

    internal void Octets(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_span[Written..]);
        Written += octets.Length;
    }

    internal void Tlvs(TlvList tlvs)
    {
        for (var i = 0; i < tlvs.Count; i++)
        {
            var tlv = tlvs[i];
            if (tlv.Value.Length > ushort.MaxValue)
                throw new ArgumentException($"parameter 0x{tlv.Tag:X4} has {tlv.Value.Length} octets, {ushort.MaxValue} are allowed");
            BinaryPrimitives.WriteUInt16BigEndian(_span[Written..], tlv.Tag);
            BinaryPrimitives.WriteUInt16BigEndian(_span[(Written + 2)..], (ushort)tlv.Value.Length);
            Written += 4;
            Octets(tlv.Value.Span);
        }
    }
}
