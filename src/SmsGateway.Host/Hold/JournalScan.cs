namespace SmsGateway.Host.Hold;

// What a file that somebody else wrote holds, without playing it.
internal static class JournalScan
{
    // A gateway's have some 16 MB. What is larger is no journal, and not for the memory.
    private const long LongestFile = 1 << 30;

    /// <exception cref="FormatException">It is no journal.</exception>
    public static JournalSegment Read(string path)
    {
        var octets = ReadWhole(path);
        var reader = new JournalReader(octets);
        var segment = new JournalSegment(path, reader.Header) { IsSealed = true };
        (segment.PlayedTo, segment.IsKept) = JournalDirectory.PlayedTo(path, reader.Header.Salt);
        while (reader.TryNext(out var item))
        {
            segment.Length = item.Next;
            if (item.Frame is not { } frame)
            {
                segment.Damages++;
            }
            else if (item.Offset >= segment.PlayedTo)
            {
                segment.Add(frame.Kind, frame.At);
            }
        }

        segment.Damages += reader.TornOctets > 0 ? 1 : 0;
        return segment;
    }

    public static byte[] ReadWhole(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= LongestFile ? File.ReadAllBytes(path) : throw new FormatException($"It has {length} octets; a journal has at most {LongestFile}.");
    }
}
