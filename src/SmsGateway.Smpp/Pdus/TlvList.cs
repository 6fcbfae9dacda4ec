using System.Buffers.Binary;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace SmsGateway.Smpp.Pdus;

/// <summary>The optional parameters of a PDU in the order of the wire, repeated ones included. Immutable.</summary>
[CollectionBuilder(typeof(TlvList), nameof(Create))]
public sealed class TlvList : IReadOnlyList<Tlv>
{
    private readonly Tlv[] _items;

    private TlvList(Tlv[] items)
    {
        _items = items;
        foreach (ref readonly var tlv in items.AsSpan())
            WireLength += 4 + tlv.Value.Length;
    }

    /// <summary>No parameters.</summary>
    public static TlvList Empty { get; } = new([]);

    /// <summary>How many there are, repeated ones counted each.</summary>
    public int Count => _items.Length;

    /// <summary>Octets on the wire, tags and lengths included.</summary>
    internal int WireLength { get; }

    /// <inheritdoc/>
    public Tlv this[int index] => _items[index];

    /// <summary>Makes a list; also behind the collection expression <c>[a, b]</c>.</summary>
    /// <param name="items">The parameters, in wire order.</param>
    public static TlvList Create(ReadOnlySpan<Tlv> items) => items.IsEmpty ? Empty : new TlvList(items.ToArray());

    // For the reader, which made the array itself.
    internal static TlvList Own(Tlv[] items) => new(items);

    /// <summary>The same list with one more parameter at its end.</summary>
    /// <param name="item">The parameter.</param>
    public TlvList Add(Tlv item) => new([.. _items, item]);

    /// <summary>The same list without any parameter of this tag.</summary>
    /// <param name="tag">The tag.</param>
    public TlvList Without(ushort tag) => Contains(tag) ? Create(Array.FindAll(_items, tlv => tlv.Tag != tag)) : this;

    /// <summary>Whether a parameter of this tag is there.</summary>
    /// <param name="tag">The tag.</param>
    public bool Contains(ushort tag) => TryGet(tag, out _);

    /// <summary>Gives the octets of the first parameter of this tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="value">Its octets.</param>
    /// <returns>False when there is none.</returns>
    public bool TryGet(ushort tag, out ReadOnlyMemory<byte> value)
    {
        foreach (ref readonly var tlv in _items.AsSpan())
        {
            if (tlv.Tag != tag)
                continue;
            value = tlv.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Gives the first parameter of this tag as one octet.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when there is none, or it is not of one octet.</returns>
    public bool TryGetByte(ushort tag, out byte value)
    {
        var there = TryGet(tag, out var octets) && octets.Length == 1;
        value = there ? octets.Span[0] : default;
        return there;
    }

    /// <summary>Gives the first parameter of this tag as two octets, high octet first.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when there is none, or it is not of two octets.</returns>
    public bool TryGetUInt16(ushort tag, out ushort value)
    {
        var there = TryGet(tag, out var octets) && octets.Length == 2;
        value = there ? BinaryPrimitives.ReadUInt16BigEndian(octets.Span) : default;
        return there;
    }

    /// <summary>Gives the first parameter of this tag as Latin 1 text up to its NUL; the NUL may be missing.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="value">Its text.</param>
    /// <returns>False when there is none.</returns>
    public bool TryGetCString(ushort tag, out string value)
    {
        if (!TryGet(tag, out var octets))
        {
            value = "";
            return false;
        }

        var nul = octets.Span.IndexOf((byte)0);
        value = Encoding.Latin1.GetString(nul < 0 ? octets.Span : octets.Span[..nul]);
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<Tlv> GetEnumerator() => ((IEnumerable<Tlv>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
