namespace SmsGateway.Host.Admin;

// Handset numbers are personal data: everybody but the role admin sees the last four digits only.
internal static class PhoneMask
{
    private const int Tail = 4;

    public static string? Of(string? number, bool whole)
    {
        if (number is null || whole)
        {
            return number;
        }

        var shown = Math.Min(Tail, number.Length / 2);
        return new string('*', number.Length - shown) + number[^shown..];
    }
}
