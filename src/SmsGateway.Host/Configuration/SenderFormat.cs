namespace SmsGateway.Host.Configuration;

/// <summary>What a sender may look like: a number or short code of 1 to 15 digits, or 1 to 11 characters of which at least one is no digit.</summary>
internal static class SenderFormat
{
    private const int MaxDigits = 15;
    private const int MaxAlphanumeric = 11;

    public static bool IsNumeric(ReadOnlySpan<char> sender) => sender.Length > 0 && !sender.ContainsAnyExceptInRange('0', '9');

    public static bool IsWellFormed(ReadOnlySpan<char> sender)
    {
        if (IsNumeric(sender))
        {
            return sender.Length <= MaxDigits;
        }

        if (sender.Length is 0 or > MaxAlphanumeric || sender[0] == ' ' || sender[^1] == ' ')
        {
            return false;
        }

        foreach (var c in sender)
        {
            // Letters and digits, and what brands have in their names; all of it is one septet in GSM 03.38.
            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '.' or '_' or '&'))
            {
                return false;
            }
        }

        return true;
    }
}
