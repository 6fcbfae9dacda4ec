using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SmsGateway.Host.Security;

/// <summary>(login, password) under a key that only this process has and never writes: good for finding a checked login again, useless elsewhere.</summary>
internal readonly record struct LoginFingerprint(UInt128 High, UInt128 Low)
{
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    /// <param name="login">Up to 128 characters.</param>
    /// <param name="password">Up to 128 characters.</param>
    public static LoginFingerprint Of(string login, string password)
    {
        Span<byte> input = stackalloc byte[4 + (3 * (login.Length + password.Length))];
        BinaryPrimitives.WriteInt32LittleEndian(input, login.Length);
        var length = 4 + Encoding.UTF8.GetBytes(login, input[4..]);
        length += Encoding.UTF8.GetBytes(password, input[length..]);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(ProcessKey, input[..length], digest);
        return new LoginFingerprint(BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]));
    }
}
