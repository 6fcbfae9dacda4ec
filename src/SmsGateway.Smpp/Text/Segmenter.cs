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
/// <param name="Alphabet">GSM 03.38, UTF-16 or binary.</param>
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
    /// <summary>Cuts a text: GSM 03.38 when all of it fits that alphabet, else UTF-16 big-endian. An empty text is one empty segment.</summary>
    /// <param name="text">The text.</param>
    /// <param name="reference">What makes the parts belong together; its low octet for 8 bits.</param>
    /// <param name="width">Width of the reference.</param>
    /// <param name="maxParts">Parts allowed, 1 to 255.</param>
    public static Segmentation Cut(string text, ushort reference, ReferenceWidth width, int maxParts) => throw new NotImplementedException();

    /// <summary>Cuts octets that are already encoded: GSM 03.38 unpacked, UTF-16 big-endian, or anything else as 8-bit data.</summary>
    /// <param name="octets">The octets, without user data header.</param>
    /// <param name="alphabet">Which limits and which cuts apply.</param>
    /// <param name="reference">What makes the parts belong together; its low octet for 8 bits.</param>
    /// <param name="width">Width of the reference.</param>
    /// <param name="maxParts">Parts allowed, 1 to 255.</param>
    public static Segmentation Cut(ReadOnlyMemory<byte> octets, Alphabet alphabet, ushort reference, ReferenceWidth width, int maxParts) =>
        throw new NotImplementedException();
}
