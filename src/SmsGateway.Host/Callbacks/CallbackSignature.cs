using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmsGateway.Host.Callbacks;

// What a customer checks to know that a callback is ours and not an old one: X-Signature: t=UNIX SECONDS,v1=HEX, where HEX is HMAC-SHA256
// with the account's callbackSecret over "t.body".
internal static class CallbackSignature
{
    public const string Header = "X-Signature";

    public static string Of(string secret, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
