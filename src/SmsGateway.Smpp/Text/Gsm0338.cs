namespace SmsGateway.Smpp.Text;

/// <summary>The GSM 03.38 default alphabet with its extension table, unpacked: one septet per octet.</summary>
public static class Gsm0338
{
    internal const byte Escape = 0x1B;

    // Column by column of the table; position 0x1B is the escape and stands here as U+001B, which no text may use.
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅå" +
        "Δ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ" +
        " !\"#¤%&'()*+,-./" +
        "0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNO" +
        "PQRSTUVWXYZÄÖÑÜ§" +
        "¿abcdefghijklmno" +
        "pqrstuvwxyzäöñüà";

    private const string ExtensionCharacters = "\f^{}\\[~]|€";
    private const ushort Missing = 0xFFFF;
    private static readonly byte[] ExtensionCodes = [0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65];

    // By character up to the last one of the basic table (U+03A9), and the euro sign beside it: the code, with the escape in the high octet.
    private static readonly ushort[] Codes = MakeCodes();

    /// <summary>Octets that the text takes, two for a character of the extension table.</summary>
    /// <param name="text">The text.</param>
    /// <returns>-1 when a character is not in the alphabet.</returns>
    public static int Measure(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var character in text)
        {
            var code = CodeOf(character);
            if (code == Missing)
                return -1;
            length += code > 0xFF ? 2 : 1;
        }

        return length;
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="octets">The septets, one per octet.</param>
    /// <returns>False when a character is not in the alphabet.</returns>
    public static bool TryEncode(ReadOnlySpan<char> text, out byte[] octets)
    {
        octets = [];
        var length = Measure(text);
        if (length < 0)
            return false;
        octets = new byte[length];
        var at = 0;
        foreach (var character in text)
        {
            var code = CodeOf(character);
            if (code > 0xFF)
                octets[at++] = Escape;
            octets[at++] = (byte)code;
        }

        return true;
    }

    /// <summary>
    /// Decodes octets as handsets do: an unknown code after the escape shows as the basic character of that code, a lone escape
    /// at the end as nothing.
    /// </summary>
    /// <param name="octets">The septets, one per octet.</param>
    /// <param name="text">The text.</param>
    /// <returns>False when an octet is above 0x7F.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> octets, out string text)
    {
        text = "";
        if (octets.ContainsAnyExceptInRange((byte)0, (byte)0x7F))
            return false;
        var characters = octets.Length <= 512 ? stackalloc char[octets.Length] : new char[octets.Length];
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] != Escape)
            {
                characters[length++] = Basic[octets[i]];
                continue;
            }

            if (++i == octets.Length)
                break;
            var extension = Array.IndexOf(ExtensionCodes, octets[i]);
            if (extension >= 0)
                characters[length++] = ExtensionCharacters[extension];
            else if (octets[i] != Escape)
                characters[length++] = Basic[octets[i]];
            else
                characters[length++] = ' '; // Escape twice: reserved for another table; 03.38 says to show a space.
        }

        text = new string(characters[..length]);
        return true;
    }

    private static ushort CodeOf(char character)
    {
        if (character < Codes.Length)
            return Codes[character];
        return character == '€' ? (ushort)((Escape << 8) | 0x65) : Missing;
    }

    private static ushort[] MakeCodes()
    {
        var codes = new ushort['Ω' + 1];
        Array.Fill(codes, Missing);
        for (var i = 0; i < Basic.Length; i++)
        {
            if (i != Escape)
                codes[Basic[i]] = (ushort)i;
        }

        for (var i = 0; i < ExtensionCodes.Length; i++)
        {
            if (ExtensionCharacters[i] < codes.Length)
                codes[ExtensionCharacters[i]] = (ushort)((Escape << 8) | ExtensionCodes[i]);
        }

        return codes;
    }
}
