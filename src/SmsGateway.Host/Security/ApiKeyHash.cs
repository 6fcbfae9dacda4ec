using System.Security.Cryptography;
using System.Text;

namespace SmsGateway.Host.Security;

/// <summary>An admin key as it is stored: <c>sha256$SALT$HASH</c> (base64). Keys are random and long, unlike passwords, so one round of SHA-256 does.</summary>
internal static class ApiKeyHash
{
    public const int MinKeyLength = 12;

    private const string Scheme = "sha256";
    private const int SaltLength = 16;

    public static string Create(string key)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return $"{Scheme}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Digest(salt, key))}";
    }

    public static bool IsWellFormed(string text) => Parse(text) is not null;

    /// <summary>Takes the same time for every key; false when the stored text is no hash.</summary>
    public static bool Verify(string stored, string key) =>
        Parse(stored) is var (salt, hash) && CryptographicOperations.FixedTimeEquals(Digest(salt, key), hash);

    private static (byte[] Salt, byte[] Hash)? Parse(string text)
    {
        var parts = text.Split('$');
        return parts.Length == 3 && parts[0] == Scheme
            && Base64.Decode(parts[1]) is { Length: SaltLength } salt
            && Base64.Decode(parts[2]) is { Length: SHA256.HashSizeInBytes } hash
            ? (salt, hash)
            : null;
    }

    private static byte[] Digest(byte[] salt, string key) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(key)]);
}
