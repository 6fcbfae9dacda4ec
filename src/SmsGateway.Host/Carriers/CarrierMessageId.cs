using System.Globalization;
using System.Numerics;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Carriers;

/// <summary>
/// One spelling for a carrier's message id. Carriers answer a submit with "4f2a" and say "id:0000020266" in the receipt: both
/// become "20266". Text is left as it is, and so is whatever is not a number in its notation.
/// </summary>
internal static class CarrierMessageId
{
    // 64 characters are the most an id has; a longer one from a TLV is not worth the arithmetic.
    private const int Longest = 64;

    /// <param name="id">As the carrier wrote it.</param>
    /// <param name="notation">How it writes there: quirks.submitIdNotation or receiptIdNotation.</param>
    public static string Normalise(string id, IdNotation notation)
    {
        var trimmed = id.Trim();
        if (notation == IdNotation.Text || trimmed.Length is 0 or > Longest)
        {
            return trimmed;
        }

        return notation == IdNotation.Hex ? OfHex(trimmed) : OfDecimal(trimmed);
    }

    private static string OfDecimal(string id)
    {
        foreach (var c in id)
        {
            if (!char.IsAsciiDigit(c))
            {
                return id;
            }
        }

        var significant = id.TrimStart('0');
        return significant.Length == 0 ? "0" : significant;
    }

    private static string OfHex(string id)
    {
        var digits = id.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? id.AsSpan(2) : id;
        if (digits.Length <= 16 && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var small))
        {
            return small.ToString(CultureInfo.InvariantCulture);
        }

        // The leading zero keeps BigInteger from reading a sign into the first digit.
        return BigInteger.TryParse($"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var large)
            ? large.ToString(CultureInfo.InvariantCulture)
            : id;
    }
}
