using System.Globalization;

namespace SmsGateway.Smpp.Receipts;

// Dates of receipt texts. Appendix B has YYMMDDhhmm; the field adds seconds, centuries and punctuation.
internal static class ReceiptDate
{
    // In order of trust where the length alone does not decide: twelve digits are YYMMDDhhmmss unless that is impossible.
    private static readonly string[] Formats = ["yyMMddHHmm", "yyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMddHHmmss"];

    internal static DateTime? Parse(string? text)
    {
        if (text is null)
            return null;
        Span<char> digits = stackalloc char[14];
        var length = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                // 2010-11-18 14:31:00 and the like.
                if (character is '-' or '/' or ':' or '.' or ' ' or 'T')
                    continue;
                return null;
            }

            if (length == digits.Length)
                return null;
            digits[length++] = character;
        }

        foreach (var format in Formats)
        {
            if (format.Length == length
                && DateTime.TryParseExact(digits[..length], format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return date;
        }

        return null;
    }
}
