using System.Buffers.Binary;
using System.Text;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Wire;

// Reads the fields of one body in order; every complaint names its field. The memory is the PDU's own, so slices may stay.
internal ref struct PduReader(in PduHeader header, ReadOnlyMemory<byte> body)
{
    private readonly PduHeader _header = header;
    private readonly ReadOnlySpan<byte> _span = body.Span;
    private int _position;

    internal byte Byte(string field)
    {
        if (_position >= _span.Length)
            throw Bad(field, CommandStatus.InvalidCommandLength, "is missing");
        return _span[_position++];
    }

    // max counts the NUL, as the specification's tables do.
    internal string CString(int max, string field, CommandStatus tooLong)
    {
        var rest = _span[_position..];
        if (rest.IsEmpty)
            throw Bad(field, CommandStatus.InvalidCommandLength, "is missing");
        var length = rest[..Math.Min(max, rest.Length)].IndexOf((byte)0);
        if (length < 0)
            throw Bad(field, tooLong, "has no NUL within its limit");
        _position += length + 1;
        return length == 0 ? "" : Encoding.Latin1.GetString(rest[..length]);
    }

    // A name that is only shown: cut to its limit where a peer does not keep it.
    internal string? ResponseName(int max, string field)
    {
        var name = ResponseCString(_span.Length + 1, field, CommandStatus.InvalidSystemId);
        return name?.Length >= max ? name[..(max - 1)] : name;
    }

    // In responses the body may be left out (null), and some peers end the PDU in place of the NUL.
    internal string? ResponseCString(int max, string field, CommandStatus tooLong)
    {
        var rest = _span[_position..];
        if (rest.IsEmpty)
            return null;
        if (rest.Length >= max || rest.Contains((byte)0))
            return CString(max, field, tooLong);
        _position = _span.Length;
        return Encoding.Latin1.GetString(rest);
    }

    // What a response says before a broken end of it counts: the request it answers was carried out, or was not.
    internal TlvList ResponseTlvs()
    {
        try
        {
            return Tlvs();
        }
        catch (PduBodyException)
        {
            _position = _span.Length;
            return TlvList.Empty;
        }
    }

    internal ReadOnlyMemory<byte> ShortMessage()
    {
        var length = Byte("sm_length");
        if (length > MessageRequest.MaxShortMessageLength || length > _span.Length - _position)
            throw Bad("short_message", CommandStatus.InvalidMessageLength, "does not fit its sm_length");
        var message = body.Slice(_position, length);
        _position += length;
        return message;
    }

    // All that is left must be parameters. Two passes: the first counts, so that the array is made once and to size.
    internal TlvList Tlvs()
    {
        if (_position == _span.Length)
            return TlvList.Empty;
        var count = 0;
        for (var at = _position; at < _span.Length; count++)
        {
            if (_span.Length - at < 4)
                throw Bad("optional parameters", CommandStatus.InvalidOptionalParameterStream, "end in half a header");
            at += 4 + BinaryPrimitives.ReadUInt16BigEndian(_span[(at + 2)..]);
            if (at > _span.Length)
                throw Bad("optional parameters", CommandStatus.InvalidOptionalParameterStream, "run past the end");
        }

        var items = new Tlv[count];
        foreach (ref var item in items.AsSpan())
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(_span[(_position + 2)..]);
            item = new Tlv(BinaryPrimitives.ReadUInt16BigEndian(_span[_position..]), body.Slice(_position + 4, length));
            _position += 4 + length;
        }

        return TlvList.Own(items);
    }

    internal readonly PduBodyException Bad(string field, CommandStatus answer, string complaint) =>
        new(new RawPdu(_header.CommandId, _header.Status, _header.Sequence, body), field, answer, complaint);
}
