using System.Buffers.Binary;
using System.Text;

namespace SmsGateway.Host.Hold;

// The first 128 octets of a journal file: magic, version, a random salt that every checksum of the file begins with, when it was begun, the
// installation and the node that wrote it, zeros, CRC-32C. Little-endian.
internal sealed record JournalHeader(ulong Salt, DateTimeOffset Begun, Guid Installation, string Node)
{
    public const int Length = 128;
    public const int LongestNode = 63;
    private const int NodeAt = 45;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "SMSGWJNL"u8;

    public void Write(Span<byte> octets)
    {
        octets = octets[..Length];
        octets.Clear();
        Magic.CopyTo(octets);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(octets[12..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(octets[20..], Begun.UtcTicks);
        Installation.TryWriteBytes(octets[28..], bigEndian: true, out _);
        octets[44] = (byte)Encoding.ASCII.GetBytes(Node, octets.Slice(NodeAt, LongestNode));
        BinaryPrimitives.WriteUInt32LittleEndian(octets[^4..], Crc32C.Of(0, octets[..^4]));
    }

    /// <exception cref="FormatException">It is no journal, one of a later version, or its header is damaged; the message says which.</exception>
    public static JournalHeader Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < Length || !octets.StartsWith(Magic))
        {
            throw new FormatException("This is no journal of a gateway.");
        }

        octets = octets[..Length];
        if (BinaryPrimitives.ReadUInt32LittleEndian(octets[^4..]) != Crc32C.Of(0, octets[..^4]))
        {
            throw new FormatException("The header of this journal is damaged.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]) is var version and not Version)
        {
            throw new FormatException($"This journal has version {version}; this program reads {Version}.");
        }

        var begun = BinaryPrimitives.ReadInt64LittleEndian(octets[20..]);
        var node = (int)octets[44];
        if (begun < 0 || begun > DateTimeOffset.MaxValue.Ticks || node > LongestNode)
        {
            throw new FormatException("The header of this journal contradicts itself.");
        }

        return new JournalHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(octets[12..]), new DateTimeOffset(begun, TimeSpan.Zero), new Guid(octets.Slice(28, 16), bigEndian: true),
            Encoding.ASCII.GetString(octets.Slice(NodeAt, node)));
    }
}
