using System.Text;

namespace SmsGateway.Smpp.Text;

/// <summary>The data_coding table of the model service, and the alphabets behind it.</summary>
public static class DataCoding
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Ascii = Strict(Encoding.ASCII);
    private static readonly Encoding Latin1 = Strict(Encoding.Latin1);
    private static readonly Encoding Cyrillic = CodePage(28595);
    private static readonly Encoding Hebrew = CodePage(28598);
    private static readonly Encoding Iso2022Jp = CodePage(50220);
    private static readonly Encoding EucKr = CodePage(51949);

    /// <summary>Looks a data_coding up.</summary>
    /// <param name="dataCoding">The field of the PDU.</param>
    /// <param name="defaultAlphabet">What 0 means on this account or carrier.</param>
    /// <param name="alphabet">The alphabet.</param>
    /// <returns>False for a value that is not in the table.</returns>
    public static bool TryGetAlphabet(byte dataCoding, Alphabet defaultAlphabet, out Alphabet alphabet)
    {
        Alphabet? found = dataCoding switch
        {
            0 => defaultAlphabet,
            1 => Alphabet.Ascii,
            2 => Alphabet.Gsm0338,
            3 => Alphabet.Latin1,
            4 => Alphabet.Binary,
            5 => Alphabet.JisX0201,
            6 => Alphabet.Cyrillic,
            7 => Alphabet.Hebrew,
            8 => Alphabet.Utf16,
            10 => Alphabet.Iso2022Jp,
            13 => Alphabet.JisX0212,
            14 => Alphabet.EucKr,
            _ => null,
        };
        alphabet = found ?? default;
        return found is not null;
    }

    /// <summary>The data_coding that names an alphabet; UTF-8 has none and gives 0.</summary>
    /// <param name="alphabet">The alphabet.</param>
    public static byte ValueOf(Alphabet alphabet) => alphabet switch
    {
        Alphabet.Ascii => 1,
        Alphabet.Gsm0338 => 2,
        Alphabet.Latin1 => 3,
        Alphabet.Binary => 4,
        Alphabet.JisX0201 => 5,
        Alphabet.Cyrillic => 6,
        Alphabet.Hebrew => 7,
        Alphabet.Utf16 => 8,
        Alphabet.Iso2022Jp => 10,
        Alphabet.JisX0212 => 13,
        Alphabet.EucKr => 14,
        _ => 0,
    };

    /// <summary>Reads octets as text.</summary>
    /// <param name="alphabet">The alphabet.</param>
    /// <param name="octets">The octets, without user data header.</param>
    /// <param name="text">The text.</param>
    /// <returns>False when the octets are not text of that alphabet, and for <see cref="Alphabet.Binary"/>.</returns>
    public static bool TryDecode(Alphabet alphabet, ReadOnlySpan<byte> octets, out string text)
    {
        switch (alphabet)
        {
            case Alphabet.Gsm0338:
                return Gsm0338.TryDecode(octets, out text);
            case Alphabet.JisX0201:
                return Japanese.TryDecode0201(octets, out text);
            case Alphabet.JisX0212:
                return Japanese.TryDecode0212(octets, out text);
        }

        text = "";
        if (EncodingOf(alphabet) is not { } encoding)
            return false;
        try
        {
            text = encoding.GetString(octets);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Writes text as octets.</summary>
    /// <param name="alphabet">The alphabet.</param>
    /// <param name="text">The text.</param>
    /// <param name="octets">The octets.</param>
    /// <returns>False when a character is not in the alphabet, and for <see cref="Alphabet.Binary"/>.</returns>
    public static bool TryEncode(Alphabet alphabet, string text, out byte[] octets)
    {
        switch (alphabet)
        {
            case Alphabet.Gsm0338:
                return Gsm0338.TryEncode(text, out octets);
            case Alphabet.JisX0201:
                return Japanese.TryEncode0201(text, out octets);
            case Alphabet.JisX0212:
                return Japanese.TryEncode0212(text, out octets);
        }

        octets = [];
        if (EncodingOf(alphabet) is not { } encoding)
            return false;
        try
        {
            octets = encoding.GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static Encoding? EncodingOf(Alphabet alphabet) => alphabet switch
    {
        Alphabet.Utf8 => Utf8,
        Alphabet.Ascii => Ascii,
        Alphabet.Latin1 => Latin1,
        Alphabet.Cyrillic => Cyrillic,
        Alphabet.Hebrew => Hebrew,
        Alphabet.Utf16 => Utf16,
        Alphabet.Iso2022Jp => Iso2022Jp,
        Alphabet.EucKr => EucKr,
        _ => null,
    };

    // Without these fallbacks what does not fit is replaced in silence.
    internal static Encoding CodePage(int number) =>
        Strict(CodePagesEncodingProvider.Instance.GetEncoding(number) ?? throw new PlatformNotSupportedException($"code page {number}"));

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }
}
