using System.Buffers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Sessions;

// Encoded PDUs on their way to the writer. Grows from nothing (an idle bind holds no buffer) to a limit; full means: not taken.
// Not thread safe: the session's lock guards it.
internal struct OutgoingLane(int maxBytes)
{
    private const int FirstLength = 1024;
    private byte[]? _octets;

    internal int Length { get; private set; }

    /// <returns>False when full. Throws what <see cref="PduCodec.Encode(Span{byte}, Pdu, uint)"/> throws; then nothing was added.</returns>
    internal bool TryAdd(Pdu pdu, uint sequence)
    {
        var length = PduCodec.Length(pdu);
        if (length > maxBytes - Length)
            return false;
        Reserve(length);
        PduCodec.Encode(_octets.AsSpan(Length, length), pdu, sequence);
        Length += length;
        return true;
    }

    // Hands the octets over; the taker returns the array to the shared pool.
    internal ArraySegment<byte> Take()
    {
        var taken = _octets is null ? default : new ArraySegment<byte>(_octets, 0, Length);
        _octets = null;
        Length = 0;
        return taken;
    }

    private void Reserve(int more)
    {
        var needed = Length + more;
        if (_octets is { } present && present.Length >= needed)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstLength, 2 * Length)));
        if (_octets is { } old)
        {
            old.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(old);
        }

        _octets = larger;
    }
}
