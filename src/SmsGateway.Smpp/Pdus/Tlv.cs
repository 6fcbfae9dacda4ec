using System.Buffers.Binary;
using System.Text;

namespace SmsGateway.Smpp.Pdus;

/// <summary>One optional parameter. SMPP 3.4, 3.2.4 and 5.3.</summary>
/// <param name="Tag">Which one; see <see cref="TlvTag"/>.</param>
/// <param name="Value">Its octets, 0 to 65,535 of them, without tag and length.</param>
public readonly record struct Tlv(ushort Tag, ReadOnlyMemory<byte> Value)
{
    /// <summary>Makes a parameter of one octet.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="value">Its value.</param>
    public static Tlv OfByte(ushort tag, byte value) => new(tag, new[] { value });

    /// <summary>Makes a parameter of two octets, high octet first.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="value">Its value.</param>
    public static Tlv OfUInt16(ushort tag, ushort value)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return new Tlv(tag, octets);
    }

    /// <summary>Makes a C-octet string: Latin 1 and a final NUL.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="value">Its text; characters above U+00FF become question marks.</param>
    public static Tlv OfCString(ushort tag, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var octets = new byte[value.Length + 1];
        Encoding.Latin1.GetBytes(value, octets);
        return new Tlv(tag, octets);
    }
}
