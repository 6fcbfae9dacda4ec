using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// Appends batches to the present file: one write and one fsync each. A file whose write or fsync failed is never written again, for nobody knows what of
// it is on the disk: it is cut where it was known to be good, and the next batch begins another one. One caller at a time.
internal sealed class JournalWriter(JournalDirectory directory, IJournalFiles files, Func<Guid> installation, string node, TimeProvider time) : IDisposable
{
    // Files of this size are read whole into memory to be played. The batch that passes it still goes in.
    private const long Enough = 16 << 20;

    // Grows to the largest batch and is used again.
    private readonly ArrayBufferWriter<byte> _octets = new(1 << 16);
    private readonly Dictionary<string, long> _uncut = [];
    private IJournalFile? _file;

    /// <summary>The file being written; null before the first batch and after a seal.</summary>
    public JournalSegment? Segment { get; private set; }

    /// <summary>Writes a batch and returns when it is on the disk.</summary>
    /// <param name="batch">What to write, in this order.</param>
    /// <param name="begun">Called with a file that is new.</param>
    /// <returns>The octets written.</returns>
    /// <exception cref="IOException">Nothing of it counts: the disk is full or broken.</exception>
    public int Append(CommitBatch<HeldFact, bool> batch, Action<JournalSegment> begun)
    {
        if (Segment is { Length: > Enough })
        {
            Seal();
        }

        if (_file is null)
        {
            Begin(begun);
        }

        var segment = Segment!;
        try
        {
            Fill(batch, segment);
            _file!.Append(_octets.WrittenSpan);
            Sync();
            segment.Length += _octets.WrittenCount;
            return _octets.WrittenCount;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Abandon(segment);
            throw error as IOException ?? new IOException(error.Message, error);
        }
    }

    /// <summary>Ends the present file; the next batch begins another one.</summary>
    public void Seal()
    {
        if (Segment is { } segment)
        {
            segment.IsSealed = true;
        }

        _file?.Dispose();
        (_file, Segment) = (null, null);
    }

    public void Dispose() => Seal();

    private void Begin(Action<JournalSegment> begun)
    {
        var path = directory.NextPath();
        var header = new JournalHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)), time.GetUtcNow(), installation(), node);
        IJournalFile? file = null;
        try
        {
            file = files.Create(path);
            Span<byte> octets = stackalloc byte[JournalHeader.Length];
            header.Write(octets);
            file.Append(octets);
            (_file, Segment) = (file, new JournalSegment(path, header) { IsOurs = true });
            CutOthers();
            begun(Segment);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Only what was made here: a file that is there already is a journal that somebody copied.
            if (file is not null)
            {
                file.Dispose();
                DeleteQuietly(path);
            }

            throw error as IOException ?? new IOException(error.Message, error);
        }
    }

    private void Fill(CommitBatch<HeldFact, bool> batch, JournalSegment segment)
    {
        _octets.ResetWrittenCount();
        for (var i = 0; i < batch.Count; i++)
        {
            var fact = batch[i];
            var start = _octets.WrittenCount;
            _octets.GetSpan(RecordFrame.Length);
            _octets.Advance(RecordFrame.Length);
            FactCodec.Write(fact, _octets);

            // The frame goes in front of a body whose length and sum are known now; the buffer may have moved meanwhile.
            var record = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_octets.WrittenMemory)[start..].Span;
            var body = record[RecordFrame.Length..];
            if (body.Length > RecordFrame.LongestBody)
            {
                throw new LedgerDefectException($"A record of {body.Length} octets is too long for the journal.");
            }

            var offset = segment.Length + start;
            new RecordFrame(body.Length, fact.Kind, FactCodec.Version, fact.At, RecordFrame.CrcOf(segment.Header.Salt, offset, body))
                .Write(record, segment.Header.Salt, offset);
        }
    }

    private void Sync()
    {
#if DRILL
        if (Mutant.Is("journal-without-fsync"))
        {
            return;
        }
#endif
        _file!.Sync();
    }

    // What was refused must not be there when a later process reads the file; this one reads no further than what is good.
    private void Abandon(JournalSegment segment)
    {
        if (_file is { } file && !file.TryCut(segment.Length))
        {
            _uncut[segment.Path] = segment.Length;
        }

        Seal();
        if (segment.Length == JournalHeader.Length)
        {
            DeleteQuietly(segment.Path);
        }
    }

    // The disk takes something again, so it may cut too.
    private void CutOthers()
    {
        foreach (var (path, length) in _uncut.ToArray())
        {
            if (files.TryCut(path, length))
            {
                _uncut.Remove(path);
            }
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An empty journal; the next start removes it.
        }
    }
}
