namespace SmsGateway.Host.Hold;

/// <summary>One step through a journal: a record, or a stretch of octets in which there is none.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Next">Where the next one begins.</param>
/// <param name="Frame">The record's; null for a damaged stretch.</param>
/// <param name="Octets">The record's body, or the stretch as it is.</param>
internal readonly record struct JournalItem(long Offset, long Next, RecordFrame? Frame, ReadOnlyMemory<byte> Octets);

// Reads a journal file, whatever state it is in. A record counts only when both its checksums are right. Behind something else the next record is looked
// for, so that one bad sector costs what was in it; where none follows that is the tail, torn by a crash: what is there was never acknowledged.
internal sealed class JournalReader
{
    private readonly ReadOnlyMemory<byte> _file;
    private long _at;

    /// <param name="file">The whole file.</param>
    /// <param name="from">Where to begin: 0, or where an earlier playback stopped.</param>
    /// <exception cref="FormatException">The header is not a journal's.</exception>
    public JournalReader(ReadOnlyMemory<byte> file, long from = 0)
    {
        _file = file;
        Header = JournalHeader.Read(file.Span);
        _at = from >= JournalHeader.Length && from <= file.Length ? from : JournalHeader.Length;
    }

    public JournalHeader Header { get; }

    /// <summary>Octets at the end that are no whole record; known when everything was read.</summary>
    public int TornOctets { get; private set; }

    /// <returns>False at the end.</returns>
    public bool TryNext(out JournalItem item)
    {
        if (TryRecord(_at, out item))
        {
            _at = item.Next;
            return true;
        }

        for (var next = NextMagic(_at + 1); next >= 0; next = NextMagic(next + 1))
        {
            if (TryRecord(next, out _))
            {
                item = new JournalItem(_at, next, null, _file[(int)_at..(int)next]);
                _at = next;
                return true;
            }
        }

        TornOctets = (int)(_file.Length - _at);
        return false;
    }

    private bool TryRecord(long offset, out JournalItem item)
    {
        item = default;
        var rest = _file.Span[(int)offset..];
        if (!RecordFrame.TryRead(rest, Header.Salt, offset, out var frame) || frame.WholeLength > rest.Length)
        {
            return false;
        }

        var body = _file.Slice((int)offset + RecordFrame.Length, frame.BodyLength);
        if (RecordFrame.CrcOf(Header.Salt, offset, body.Span) != frame.BodyCrc)
        {
            return false;
        }

        item = new JournalItem(offset, offset + frame.WholeLength, frame, body);
        return true;
    }

    private long NextMagic(long from)
    {
        var found = from < _file.Length ? _file.Span[(int)from..].IndexOf(RecordFrame.MagicOctets) : -1;
        return found < 0 ? -1 : from + found;
    }
}
