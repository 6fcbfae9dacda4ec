using System.Globalization;
using System.Security.Cryptography;

namespace SmsGateway.Host.Security;

/// <summary>A password as it is stored: PBKDF2 with HMAC-SHA256, written <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c> (base64). The iterations travel with
/// the hash, so they can be raised without touching old ones.</summary>
internal sealed class PasswordHash
{
    /// <summary>Some 50 ms of one core: too slow to guess with, bearable once per node and password.</summary>
    public const int DefaultIterations = 200_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MinIterations = 100_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) => (_iterations, _salt, _hash) = (iterations, salt, hash);

    public static PasswordHash Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(DefaultIterations, salt, Derive(password, salt, DefaultIterations));
    }

    /// <returns>Null when the text is no such hash, or one that is too cheap to guess or too dear to check.</returns>
    public static PasswordHash? TryParse(string text)
    {
        var parts = text.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations)
        {
            return null;
        }

        var salt = Base64.Decode(parts[2]);
        var hash = Base64.Decode(parts[3]);
        return salt is { Length: >= SaltLength and <= 64 } && hash is { Length: HashLength } ? new PasswordHash(iterations, salt, hash) : null;
    }

    /// <summary>Takes the full time whatever the answer is.</summary>
    public bool Verify(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashLength);
}
