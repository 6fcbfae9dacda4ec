using System.Buffers.Binary;

namespace SmsGateway.Smpp.Text;

/// <summary>What makes parts of a long message belong together. GSM 03.40, 9.2.3.24.1 and 9.2.3.24.8.</summary>
/// <param name="Reference">The same in all parts.</param>
/// <param name="Total">Parts in all, 1 to 255.</param>
/// <param name="Part">This part, 1 to <paramref name="Total"/>.</param>
public readonly record struct Concatenation(ushort Reference, byte Total, byte Part);

/// <summary>The user data header at the front of a payload (esm_class 0x40).</summary>
public static class UserDataHeader
{
    private const byte Concatenated8 = 0x00;
    private const byte Concatenated16 = 0x08;

    /// <summary>Splits a payload into its header and the rest.</summary>
    /// <param name="payload">The payload of a message whose esm_class announces a header.</param>
    /// <param name="header">The header with its length octet.</param>
    /// <param name="rest">What follows it.</param>
    /// <returns>False when the payload is shorter than the header it announces; then all of it is in <paramref name="rest"/>.</returns>
    public static bool TrySplit(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> header, out ReadOnlyMemory<byte> rest)
    {
        if (payload.IsEmpty || payload.Length <= payload.Span[0])
        {
            header = default;
            rest = payload;
            return false;
        }

        header = payload[..(payload.Span[0] + 1)];
        rest = payload[header.Length..];
        return true;
    }

    /// <summary>Finds the concatenation element, 8 or 16 bit, wherever it stands. Impossible values are ignored as if it were absent.</summary>
    /// <param name="header">The header with its length octet.</param>
    /// <param name="concatenation">What it says; the last one counts, as 03.40 has it for repeated elements.</param>
    /// <returns>False when there is none that counts.</returns>
    public static bool TryGetConcatenation(ReadOnlySpan<byte> header, out Concatenation concatenation)
    {
        concatenation = default;
        var found = false;
        for (var rest = header.IsEmpty ? header : header[1..]; rest.Length >= 2;)
        {
            var length = rest[1];
            if (rest.Length - 2 < length)
                break;
            var value = rest.Slice(2, length);
            var candidate = (rest[0], length) switch
            {
                (Concatenated8, 3) => new Concatenation(value[0], value[1], value[2]),
                (Concatenated16, 4) => new Concatenation(BinaryPrimitives.ReadUInt16BigEndian(value), value[2], value[3]),
                _ => default,
            };
            if (candidate.Part > 0 && candidate.Part <= candidate.Total)
            {
                concatenation = candidate;
                found = true;
            }

            rest = rest[(2 + length)..];
        }

        return found;
    }

    // The header of one part, with its length octet.
    internal static int Length(ReferenceWidth width) => width == ReferenceWidth.Bits8 ? 6 : 7;

    internal static void Write(Span<byte> octets, ReferenceWidth width, in Concatenation concatenation)
    {
        ReadOnlySpan<byte> header = width == ReferenceWidth.Bits8
            ? [5, Concatenated8, 3, (byte)concatenation.Reference, concatenation.Total, concatenation.Part]
            : [6, Concatenated16, 4, (byte)(concatenation.Reference >> 8), (byte)concatenation.Reference, concatenation.Total, concatenation.Part];
        header.CopyTo(octets);
    }
}
