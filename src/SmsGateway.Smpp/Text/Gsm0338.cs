namespace SmsGateway.Smpp.Text;

/// <summary>The GSM 03.38 default alphabet with its extension table, unpacked: one septet per octet.</summary>
public static class Gsm0338
{
    /// <summary>Octets that the text takes, two for a character of the extension table.</summary>
    /// <param name="text">The text.</param>
    /// <returns>-1 when a character is not in the alphabet.</returns>
    public static int Measure(ReadOnlySpan<char> text) => throw new NotImplementedException();

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="octets">The septets, one per octet.</param>
    /// <returns>False when a character is not in the alphabet.</returns>
    public static bool TryEncode(ReadOnlySpan<char> text, out byte[] octets) => throw new NotImplementedException();

    /// <summary>
    /// Decodes octets as handsets do: an unknown code after the escape shows as the basic character of that code, a lone escape
    /// at the end as nothing.
    /// </summary>
    /// <param name="octets">The septets, one per octet.</param>
    /// <param name="text">The text.</param>
    /// <returns>False when an octet is above 0x7F.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> octets, out string text) => throw new NotImplementedException();
}
