using System.Buffers.Binary;

namespace SmsGateway.Host.Hold;

// What stands before the body of each record, 28 octets, little-endian: magic, length of the body, kind, version, zero (2), time of the fact, CRC of
// the body, CRC of these. Both sums begin with the file's salt and the record's place in the file, so that nothing a customer put into a message can
// pass for a record, and no record for another one.
internal readonly record struct RecordFrame(int BodyLength, FactKind Kind, byte Version, DateTimeOffset At, uint BodyCrc)
{
    public const int Length = 28;

    // A message of 255 parts is 64 KB.
    public const int LongestBody = 1 << 20;

    /// <summary>What every record begins with.</summary>
    public static ReadOnlySpan<byte> MagicOctets => "SGJR"u8;

    public int WholeLength => Length + BodyLength;

    public static uint CrcOf(ulong salt, long offset, ReadOnlySpan<byte> body) => Crc32C.Of(salt ^ (ulong)offset, body);

    public void Write(Span<byte> octets, ulong salt, long offset)
    {
        MagicOctets.CopyTo(octets);
        BinaryPrimitives.WriteInt32LittleEndian(octets[4..], BodyLength);
        octets[8] = (byte)Kind;
        octets[9] = Version;
        octets[10] = octets[11] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(octets[12..], At.UtcTicks);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[20..], BodyCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[24..], CrcOf(salt, offset, octets[..24]));
    }

    public static bool TryRead(ReadOnlySpan<byte> octets, ulong salt, long offset, out RecordFrame frame)
    {
        frame = default;
        if (octets.Length < Length || !octets.StartsWith(MagicOctets)
            || BinaryPrimitives.ReadUInt32LittleEndian(octets[24..]) != CrcOf(salt, offset, octets[..24]))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(octets[4..]);
        var at = BinaryPrimitives.ReadInt64LittleEndian(octets[12..]);
        if (length is < 0 or > LongestBody || at < 0 || at > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        frame = new RecordFrame(
            length, (FactKind)octets[8], octets[9], new DateTimeOffset(at, TimeSpan.Zero), BinaryPrimitives.ReadUInt32LittleEndian(octets[20..]));
        return true;
    }
}
