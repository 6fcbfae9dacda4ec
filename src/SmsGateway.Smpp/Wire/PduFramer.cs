using System.Buffers;
using System.Buffers.Binary;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Wire;

/// <summary>Cuts a stream of octets into PDUs by command_length, and by nothing else. SMPP 3.4, 3.2.2.</summary>
public static class PduFramer
{
    /// <summary>Takes one whole PDU off the front of the buffer.</summary>
    /// <param name="buffer">What has been read; moved past the frame when there is one.</param>
    /// <param name="maxPduLength">The most octets we take in one PDU.</param>
    /// <param name="frame">The PDU, header included.</param>
    /// <returns>False when more octets are needed.</returns>
    /// <exception cref="PduLengthException">command_length is below 16 or above the maximum; seen as soon as 4 octets are in.</exception>
    public static bool TryReadFrame(ref ReadOnlySequence<byte> buffer, int maxPduLength, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < 4)
            return false;
        var length = CommandLength(buffer);
        if (length < PduHeader.Length || length > (uint)maxPduLength)
            throw new PduLengthException(length, maxPduLength);
        if (buffer.Length < length)
            return false;
        frame = buffer.Slice(0, length);
        buffer = buffer.Slice(length);
        return true;
    }

    private static uint CommandLength(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.FirstSpan.Length >= 4)
            return BinaryPrimitives.ReadUInt32BigEndian(buffer.FirstSpan);
        Span<byte> octets = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(octets);
        return BinaryPrimitives.ReadUInt32BigEndian(octets);
    }
}
