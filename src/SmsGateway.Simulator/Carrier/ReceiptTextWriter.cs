using System.Globalization;
using System.Text;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

/// <summary>Receipt texts: SMPP 3.4 appendix B, and what carriers make of it.</summary>
internal static class ReceiptTextWriter
{
    private const int TextCharacters = 20;

    public static byte[] Write(ReceiptDialect dialect, string id, byte state, DateTimeOffset submitted, DateTimeOffset done, string text)
    {
        if (dialect == ReceiptDialect.Empty)
            return [];

        string format = dialect switch
        {
            ReceiptDialect.Seconds => "yyMMddHHmmss",
            ReceiptDialect.LongDates => "yyyyMMddHHmmss",
            _ => "yyMMddHHmm",
        };
        string from = submitted.ToString(format, CultureInfo.InvariantCulture);
        string to = done.ToString(format, CultureInfo.InvariantCulture);
        string word = ReceiptWords.Of(state);
        string delivered = state == ReceiptWords.Delivered ? "001" : "000";
        string error = state is ReceiptWords.Delivered or 1 or 6 ? "000" : dialect == ReceiptDialect.AlphaError ? "A1F" : "001";
        string receipt = dialect switch
        {
            ReceiptDialect.Shuffled => $"stat:{word} id:{id} err:{error} done date:{to} submit date:{from} sub:001 dlvrd:{delivered} text:{text}",
            ReceiptDialect.Glued => $"id:{id} sub:001 dlvrd:{delivered} submitdate:{from} donedate:{to} stat:{word} err:{error} text:{text}",
            ReceiptDialect.WithoutText => $"id:{id} sub:001 dlvrd:{delivered} submit date:{from} done date:{to} stat:{word} err:{error}",
            ReceiptDialect.CapitalText => $"id:{id} sub:001 dlvrd:{delivered} submit date:{from} done date:{to} stat:{word} err:{error} Text:{text}",
            _ => $"id:{id} sub:001 dlvrd:{delivered} submit date:{from} done date:{to} stat:{word} err:{error} text:{text}",
        };
        return Encoding.Latin1.GetBytes(receipt);
    }

    /// <summary>The first 20 characters of a message, as far as a receipt can show them: no header, nothing outside printable ASCII.</summary>
    public static string Excerpt(SubmitSm submit)
    {
        ReadOnlySpan<byte> payload = submit.Payload.Span;
        if (EsmClass.HasUserDataHeader(submit.EsmClass) && payload.Length > 0)
            payload = payload[Math.Min(payload[0] + 1, payload.Length)..];

        int width = submit.DataCoding == 8 ? 2 : 1;
        Span<char> excerpt = stackalloc char[TextCharacters];
        int length = Math.Min(payload.Length / width, TextCharacters);
        for (int i = 0; i < length; i++)
        {
            bool wide = width == 2 && payload[i * 2] != 0;
            byte octet = payload[(i * width) + width - 1];
            excerpt[i] = !wide && octet is >= 0x20 and < 0x7F ? (char)octet : '?';
        }

        return new string(excerpt[..length]);
    }
}
