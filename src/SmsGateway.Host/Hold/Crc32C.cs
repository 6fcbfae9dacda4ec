using System.Buffers.Binary;
using System.Numerics;

namespace SmsGateway.Host.Hold;

// CRC-32C (Castagnoli), by the processor's own instruction where it has one. It finds what a disk or a torn write did, not what somebody did on purpose.
internal static class Crc32C
{
    /// <param name="seed">0, or what belongs in front: the same octets at another place have another sum.</param>
    /// <param name="octets">What is summed.</param>
    public static uint Of(ulong seed, ReadOnlySpan<byte> octets)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, seed);
        while (octets.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        foreach (var octet in octets)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
