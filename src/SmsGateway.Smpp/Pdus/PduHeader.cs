using System.Buffers.Binary;

namespace SmsGateway.Smpp.Pdus;

/// <summary>The 16 octets in front of every PDU. SMPP 3.4, 3.2.1.</summary>
/// <param name="CommandLength">Octets of the whole PDU, these four included.</param>
/// <param name="CommandId">What the PDU is.</param>
/// <param name="Status">Outcome, in responses.</param>
/// <param name="Sequence">Sequence number.</param>
public readonly record struct PduHeader(uint CommandLength, CommandId CommandId, CommandStatus Status, uint Sequence)
{
    /// <summary>Octets of a header, and so the least command_length.</summary>
    public const int Length = 16;

    internal static PduHeader Read(ReadOnlySpan<byte> octets) => new(
        BinaryPrimitives.ReadUInt32BigEndian(octets),
        (CommandId)BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
        (CommandStatus)BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(octets[12..]));

    internal void Write(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt32BigEndian(octets, CommandLength);
        BinaryPrimitives.WriteUInt32BigEndian(octets[4..], (uint)CommandId);
        BinaryPrimitives.WriteUInt32BigEndian(octets[8..], (uint)Status);
        BinaryPrimitives.WriteUInt32BigEndian(octets[12..], Sequence);
    }
}
