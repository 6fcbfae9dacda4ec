namespace SmsGateway.Host.Carriers;

// What a source address is, by its characters alone: carriers want a type of number for each kind.
internal static class SenderKind
{
    // Short codes have 3 to 6 digits, some countries 8; no international number is so short.
    private const int LongestShortCode = 8;

    public static bool IsAlphanumeric(string sender)
    {
        foreach (var c in sender)
        {
            if (!char.IsAsciiDigit(c))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsShortCode(string sender) => sender.Length <= LongestShortCode && !IsAlphanumeric(sender);
}
