using System.Globalization;
using SmsGateway.Simulator.Behaviour;

namespace SmsGateway.Simulator.Carrier;

/// <summary>One carrier id in its notations.</summary>
internal static class IdFormat
{
    public static string InResponse(long number, IdBehaviour ids) => ids.Prefix + ids.Notation switch
    {
        IdNotation.Hex => number.ToString("x", CultureInfo.InvariantCulture),
        IdNotation.UpperHex => number.ToString("X8", CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    public static string InReceipt(long number, string responseId, IdBehaviour ids, IdNotation notation) => notation switch
    {
        IdNotation.Text => responseId,
        IdNotation.Upper => responseId.ToUpperInvariant(),
        IdNotation.Decimal => ids.Prefix + number.ToString(CultureInfo.InvariantCulture),
        _ => InResponse(number, ids with { Notation = notation }),
    };
}
