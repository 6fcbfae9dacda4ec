using System.Text;

namespace SmsGateway.Smpp.Text;

/// <summary>Width of the reference in the user data header of a long message.</summary>
public enum ReferenceWidth
{
    /// <summary>8 bits, a header of 6 octets: 153 septets, 134 octets or 67 units per part.</summary>
    Bits8,

    /// <summary>16 bits, a header of 7 octets: 152 septets, 133 octets or 66 units per part.</summary>
    Bits16,
}

/// <summary>A message cut into what fits the air interface.</summary>
/// <param name="Alphabet">GSM 03.38, UTF-16 or what was given.</param>
/// <param name="Segments">The payloads in order, each with its user data header when there is more than one; none when it takes too many.</param>
/// <param name="TooLong">True when the message takes more parts than allowed.</param>
public sealed record Segmentation(Alphabet Alphabet, IReadOnlyList<ReadOnlyMemory<byte>> Segments, bool TooLong)
{
    /// <summary>True when the segments carry user data headers: esm_class 0x40.</summary>
    public bool HasUserDataHeader => Segments.Count > 1;
}

/// <summary>Cuts long messages, never through an escape sequence or a surrogate pair. Sizes by GSM 03.40: 140 octets on the air.</summary>
public static class Segmenter
{
    private const int AirOctets = 140;

    /// <summary>Cuts a text: GSM 03.38 when all of it fits that alphabet, else UTF-16 big-endian. An empty text is one empty segment; half a surrogate pair becomes U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="reference">What makes the parts belong together; its low octet for 8 bits.</param>
    /// <param name="width">Width of the reference.</param>
    /// <param name="maxParts">Parts allowed, 1 to 255.</param>
    public static Segmentation Cut(string text, ushort reference, ReferenceWidth width, int maxParts) =>
        Gsm0338.TryEncode(text, out var septets)
            ? Cut(septets, Alphabet.Gsm0338, reference, width, maxParts)
            : Cut(Encoding.BigEndianUnicode.GetBytes(text), Alphabet.Utf16, reference, width, maxParts);

    /// <summary>Cuts octets that are already encoded: GSM 03.38 unpacked, UTF-16 big-endian, or anything else as 8-bit data.</summary>
    /// <param name="octets">The octets, without user data header.</param>
    /// <param name="alphabet">Which limits and which cuts apply.</param>
    /// <param name="reference">What makes the parts belong together; its low octet for 8 bits.</param>
    /// <param name="width">Width of the reference.</param>
    /// <param name="maxParts">Parts allowed, 1 to 255.</param>
    public static Segmentation Cut(ReadOnlyMemory<byte> octets, Alphabet alphabet, ushort reference, ReferenceWidth width, int maxParts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxParts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxParts, byte.MaxValue);
        if (octets.Length <= Room(alphabet, 0))
            return new Segmentation(alphabet, [octets], TooLong: false);
        var cuts = new List<Range>();
        var room = Room(alphabet, UserDataHeader.Length(width));
        for (var start = 0; start < octets.Length;)
        {
            if (cuts.Count == maxParts)
                return new Segmentation(alphabet, [], TooLong: true);
            var end = Math.Min(start + room, octets.Length);
            if (end < octets.Length)
                end -= Overhang(octets.Span[start..end], alphabet);
            cuts.Add(start..end);
            start = end;
        }

        var segments = new ReadOnlyMemory<byte>[cuts.Count];
        var header = UserDataHeader.Length(width);
        for (var i = 0; i < segments.Length; i++)
        {
            var content = octets[cuts[i]];
            var segment = new byte[header + content.Length];
            UserDataHeader.Write(segment, width, new Concatenation(reference, (byte)segments.Length, (byte)(i + 1)));
            content.CopyTo(segment.AsMemory(header));
            segments[i] = segment;
        }

        return new Segmentation(alphabet, segments, TooLong: false);
    }

    // Octets as they stand in the PDU: septets unpacked, and whole UTF-16 units.
    private static int Room(Alphabet alphabet, int header) => alphabet switch
    {
        Alphabet.Gsm0338 => (AirOctets - header) * 8 / 7,
        Alphabet.Utf16 => (AirOctets - header) / 2 * 2,
        _ => AirOctets - header,
    };

    // Octets at the end that belong to a character which goes on behind it.
    private static int Overhang(ReadOnlySpan<byte> part, Alphabet alphabet)
    {
        switch (alphabet)
        {
            case Alphabet.Gsm0338:
                // An escape that opens a sequence; after an odd run of escapes the last one does.
                var escapes = part.Length - (part.LastIndexOfAnyExcept(Gsm0338.Escape) + 1);
                return escapes < part.Length ? escapes % 2 : 0;
            case Alphabet.Utf16:
                return part.Length > 2 && char.IsHighSurrogate((char)((part[^2] << 8) | part[^1])) ? 2 : 0;
            default:
                return 0;
        }
    }
}
