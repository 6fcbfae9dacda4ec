using System.Text;

namespace SmsGateway.Smpp.Text;

// The two Japanese alphabets for which .NET has no encoding of its own.
internal static class Japanese
{
    private const byte FirstKana = 0xA1;
    private const byte LastKana = 0xDF;
    private const char FirstKanaCharacter = '\uFF61';
    private const byte Yen = 0x5C;
    private const byte Overline = 0x7E;

    // Contains JIS X 0208 and 0212; a character of 0212 has the high bit set in its first octet only.
    private static readonly Encoding Page20932 = DataCoding.CodePage(20932);

    // JIS X 0201: ASCII with a yen sign and an overline, and half-width katakana.
    internal static bool TryDecode0201(ReadOnlySpan<byte> octets, out string text)
    {
        text = "";
        var characters = new char[octets.Length];
        for (var i = 0; i < octets.Length; i++)
        {
            var octet = octets[i];
            if (octet is > 0x7F and (< FirstKana or > LastKana))
                return false;
            characters[i] = octet switch
            {
                Yen => '\u00A5',
                Overline => '\u203E',
                >= FirstKana => (char)(FirstKanaCharacter + octet - FirstKana),
                _ => (char)octet,
            };
        }

        text = new string(characters);
        return true;
    }

    internal static bool TryEncode0201(string text, out byte[] octets)
    {
        octets = [];
        var result = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var code = text[i] switch
            {
                '\u00A5' => Yen,
                '\u203E' => Overline,
                (char)Yen or (char)Overline => -1,
                <= '\u007F' => text[i],
                >= FirstKanaCharacter and <= (char)(FirstKanaCharacter + LastKana - FirstKana) => text[i] - FirstKanaCharacter + FirstKana,
                _ => -1,
            };
            if (code < 0)
                return false;
            result[i] = (byte)code;
        }

        octets = result;
        return true;
    }

    // JIS X 0212: pairs of octets from 0x21 to 0x7E.
    internal static bool TryDecode0212(ReadOnlySpan<byte> octets, out string text)
    {
        text = "";
        if (octets.Length % 2 != 0 || octets.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
            return false;
        var marked = octets.ToArray();
        for (var i = 0; i < marked.Length; i += 2)
            marked[i] |= 0x80;
        try
        {
            text = Page20932.GetString(marked);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    internal static bool TryEncode0212(string text, out byte[] octets)
    {
        octets = [];
        byte[] marked;
        try
        {
            marked = Page20932.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        if (marked.Length % 2 != 0)
            return false;
        for (var i = 0; i < marked.Length; i += 2)
        {
            // Anything else is ASCII, katakana or JIS X 0208, which the page holds too.
            if (marked[i] < 0x80 || marked[i + 1] > 0x7F)
                return false;
            marked[i] &= 0x7F;
        }

        octets = marked;
        return true;
    }
}
