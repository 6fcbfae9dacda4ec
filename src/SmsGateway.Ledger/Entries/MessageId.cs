using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SmsGateway.Ledger;

/// <summary>
/// The one id of a message, as it stands in answers, receipts, logs and admin: <c>m</c> and 26 characters of lower-case
/// base32 (a-z, 2-7). It never looks numeric, because some systems re-interpret numeric ids.
/// </summary>
/// <param name="Value">The 128 bits, big endian.</param>
public readonly record struct MessageId(Guid Value)
{
    /// <summary>Length of the text form.</summary>
    public const int TextLength = 27;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Reads the text form; refuses anything that <see cref="ToString"/> would not have written.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        id = default;
        if (text is not { Length: TextLength } || text[0] != 'm')
        {
            return false;
        }

        var high = 0UL;
        var low = 0UL;
        for (var i = 1; i < TextLength; i++)
        {
            var c = text[i];
            var digit = c is >= 'a' and <= 'z' ? c - 'a' : c is >= '2' and <= '7' ? c - '2' + 26 : -1;

            // 26 characters hold 130 bits: the first carries three only, so that there is one text per id.
            if (digit < 0 || (i == 1 && digit > 7))
            {
                return false;
            }

            high = (high << 5) | (low >> 59);
            low = (low << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        id = new MessageId(new Guid(bytes, bigEndian: true));
        return true;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        text[0] = 'm';
        for (var i = TextLength - 1; i >= 1; i--)
        {
            text[i] = Alphabet[(int)(low & 31)];
            low = (low >> 5) | (high << 59);
            high >>= 5;
        }
    });
}
