namespace SmsGateway.Simulator.Journal;

// Addresses, ids and texts of millions of journal records in a few large arrays. Append-only, one writer at a time, bounded: when it is full
// Append returns -1 and the record is kept without its octets.
internal sealed class OctetArena(long capacity)
{
    private const int SlabSize = 1 << 20;

    private readonly byte[]?[] _slabs = new byte[(capacity + SlabSize - 1) / SlabSize][];
    private int _slab = -1;
    private int _used = SlabSize;

    /// <summary>Reserves room for so many octets in one piece. Returns its position, or -1 when the arena is full.</summary>
    public long Append(int length, out Span<byte> room)
    {
        if (length > SlabSize - _used)
        {
            if (_slab + 1 == _slabs.Length)
            {
                room = default;
                return -1;
            }

            _slabs[++_slab] = new byte[SlabSize];
            _used = 0;
        }

        room = _slabs[_slab].AsSpan(_used, length);
        long position = ((long)_slab * SlabSize) + _used;
        _used += length;
        return position;
    }

    public ReadOnlySpan<byte> Read(long position, int length)
        => position < 0 ? default : _slabs[position / SlabSize].AsSpan((int)(position % SlabSize), length);
}
