namespace SmsGateway.Host.Security;

/// <summary>Base64 from a foreign document: null instead of an exception.</summary>
internal static class Base64
{
    private const int MaxText = 256;

    public static byte[]? Decode(string text)
    {
        if (text.Length > MaxText)
        {
            return null;
        }

        var octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out var length) ? octets[..length] : null;
    }
}
