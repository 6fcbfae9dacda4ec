using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// This node's journal: takes facts, answers when they are on the disk, and knows what of it is still to be played. Batches are what arrived during the last
// fsync (the ledger's own group commit). Full, too old or a disk that fails: refused at once, and taken again when there is room.
internal sealed partial class Journal : IAsyncDisposable
{
    // Facts that wait for the disk. More are refused: the disk is slower than the customers.
    private const int MostWaiting = 50_000;

    // Above that, so that callers who all looked at once never wait for room.
    private const int Capacity = MostWaiting + 10_000;

    // After a disk failed, before it is tried again.
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(1);

    private readonly HoldOptions _options;
    private readonly HoldFigures _figures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogGate _diskFailed;
    private readonly JournalDirectory _directory;
    private readonly JournalWriter _writer;
    private readonly GroupCommit<HeldFact, bool> _group;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _gate = new();
    private readonly List<JournalSegment> _segments = [];
    private readonly List<UnreadableJournal> _unreadable = [];
    private long _bytes;
    private long _records;
    private long _oldest; // ticks; 0 = there is none
    private long _diskFailedAt;
    private volatile string? _problem;

    public Journal(
        JournalDirectory directory, IJournalFiles files, Func<Guid> installation, string node, HoldOptions options, HoldFigures figures, TimeProvider time,
        ILogger logger)
    {
        (_directory, _options, _figures, _time, _logger) = (directory, options, figures, time, logger);
        _diskFailed = new LogGate(time, LogGate.OfOutages);
        _writer = new JournalWriter(directory, files, installation, node, time);

        // One lane: one file. Nothing is tried again here, for a file that failed once is not to be trusted.
        var limits = new GroupCommitOptions { Name = "journal", Lanes = 1, MaxBatch = 2_000, Capacity = Capacity, RetryFor = TimeSpan.Zero };
        _group = new GroupCommit<HeldFact, bool>(limits, CommitAsync, static e => e is LedgerDefectException ? CommitFailure.Data : CommitFailure.Fatal, time);
        Scan();
    }

    /// <summary>What is still to be played, oldest file first.</summary>
    public IReadOnlyList<JournalSegment> Segments
    {
        get
        {
            lock (_gate)
            {
                return [.. _segments];
            }
        }
    }

    /// <summary>Files of an earlier process that could not be read: what is in them was acknowledged, and nobody knows how much it is.</summary>
    public IReadOnlyList<UnreadableJournal> Unreadable
    {
        get
        {
            lock (_gate)
            {
                return [.. _unreadable];
            }
        }
    }

    /// <summary>What is not in the ledger yet: records, and one for each file of which that is not known.</summary>
    public long Held => Records + Unreadable.Count;

    /// <summary>Octets on the disk that are still to be played; a file counts whole until it is gone.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Records => Volatile.Read(ref _records);

    /// <summary>Records of a kind that are still to be played.</summary>
    public long Left(FactKind kind)
    {
        lock (_gate)
        {
            return _segments.Sum(segment => segment.Left(kind));
        }
    }

    public string FullPath => _directory.FullPath;

    /// <summary>Why nothing is taken now; null while something is.</summary>
    public string? WhyFull => _problem is { } problem && _time.GetElapsedTime(Volatile.Read(ref _diskFailedAt)) < DiskPause ? problem
        : Bytes >= _options.MaxBytes ? $"it holds {Bytes} octets; Hold:MaxBytes is {_options.MaxBytes}"
        : Oldest is { } oldest && _time.GetUtcNow() - oldest >= _options.MaxAge ? $"its oldest record is older than Hold:MaxAge ({_options.MaxAge})"
        : null;

    public DateTimeOffset? Oldest => Volatile.Read(ref _oldest) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Takes a fact; the callback is told once it is on the disk, or why it is not. Never waits.</summary>
    /// <returns>False when it is full; the callback is not called then.</returns>
    public bool TryTake(HeldFact fact, Committed<HeldFact, bool> taken)
    {
        if (!HasRoomFor(fact))
        {
            return false;
        }

        try
        {
            // Capacity is above what may wait, so nobody waits here.
            var waiting = _group.EnqueueAsync(fact, taken, CancellationToken.None).AsTask();
            return !waiting.IsFaulted;
        }
        catch (ObjectDisposedException)
        {
            return false; // the process ends
        }
    }

    /// <summary>Takes a fact and returns when it is on the disk.</summary>
    /// <returns>False when it is full, or the disk failed.</returns>
    public async ValueTask<bool> TakeAsync(HeldFact fact)
    {
        if (!HasRoomFor(fact))
        {
            return false;
        }

        try
        {
            return await _group.CommitAsync(fact, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or LedgerDefectException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Looks again at files that the disk did not give.</summary>
    public void ReadAgain()
    {
        foreach (var file in Unreadable.Where(static file => !file.IsForGood))
        {
            if (Read(file.Path))
            {
                lock (_gate)
                {
                    _unreadable.Remove(file);
                    Recount();
                }
            }
        }
    }

    /// <summary>Ends the present file, so that all that was taken so far can be played.</summary>
    public async Task<IReadOnlyList<JournalSegment>> SealAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _writer.Seal();
            lock (_gate)
            {
                return [.. _segments];
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A stretch of a file is in the ledger.</summary>
    public void Played(JournalSegment segment, long to, IEnumerable<FactKind> kinds, bool isParked)
    {
        lock (_gate)
        {
            segment.PlayedTo = to;
            segment.IsKept |= isParked;
            foreach (var kind in kinds)
            {
                segment.Took(kind);
            }

            Recount();
        }
    }

    /// <summary>A person decides what becomes of a file: its age does not count as the journal's.</summary>
    public void LeaveAlone(JournalSegment segment)
    {
        lock (_gate)
        {
            segment.IsLeftAlone = true;
            Recount();
        }
    }

    /// <summary>All of a file is in the ledger.</summary>
    /// <param name="segment">The file.</param>
    /// <param name="isKept">Not all of it could be read: it stays, under another name.</param>
    public void Remove(JournalSegment segment, bool isKept)
    {
        lock (_gate)
        {
            _segments.Remove(segment);
            Recount();
        }

        JournalDirectory.Remove(segment.Path, segment.Header.Salt, isKept || segment.IsKept || segment.Damages > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _group.DisposeAsync().ConfigureAwait(false);
        _writer.Dispose();
        _writing.Dispose();
        _directory.Dispose();
    }

    private bool HasRoomFor(HeldFact fact)
    {
        if (_group.Undecided < MostWaiting && WhyFull is null)
        {
            return true;
        }

        _figures.Refused(fact.Kind);
        return false;
    }

    private async Task CommitAsync(CommitBatch<HeldFact, bool> batch)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            Write(batch);
            _problem = null;
        }
        catch (IOException error)
        {
            _problem = $"the disk refuses it: {error.Message}";
            Volatile.Write(ref _diskFailedAt, _time.GetTimestamp());
            if (_diskFailed.TryPass(out var more))
            {
                DiskFailed(_logger, FullPath, batch.Count, error.Message, more);
            }

            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Write(CommitBatch<HeldFact, bool> batch)
    {
        _writer.Append(batch, Begun);
        var segment = _writer.Segment!;
        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                segment.Add(batch[i].Kind, batch[i].At);
                batch.Answer(i, true);
            }

            Recount();
        }

        for (var i = 0; i < batch.Count; i++)
        {
            _figures.Taken(batch[i].Kind);
        }
    }

    private void Begun(JournalSegment segment)
    {
        lock (_gate)
        {
            _segments.RemoveAll(static old => old is { IsSealed: true, Length: JournalHeader.Length });
            _segments.Add(segment);
        }
    }

    // What an earlier process left.
    private void Scan()
    {
        foreach (var path in JournalDirectory.Files(FullPath))
        {
            Read(path);
        }

        Recount();
    }

    /// <returns>False when it cannot be read now; it then stands in the list of those.</returns>
    private bool Read(string path)
    {
        try
        {
            var segment = JournalScan.Read(path);
            if (segment.Length == JournalHeader.Length && segment.Damages == 0)
            {
                JournalDirectory.Remove(path, segment.Header.Salt, isDamaged: false);
                return true;
            }

            lock (_gate)
            {
                _segments.Add(segment);
            }

            Found(_logger, path, segment.Records, segment.Damages);
            return true;
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            var unreadable = new UnreadableJournal(path, error.Message, IsForGood: error is FormatException);
            lock (_gate)
            {
                var known = _unreadable.FindIndex(file => file.Path == path);
                if (known >= 0 && _unreadable[known].IsForGood == unreadable.IsForGood)
                {
                    return false;
                }

                // One that the disk gave in the end may prove damaged.
                _unreadable.RemoveAll(file => file.Path == path);
                _unreadable.Add(unreadable);
            }

            CannotBeRead(_logger, path, error.Message);
            return false;
        }
    }

    // Under the lock, once per batch, so that nobody adds up for a single message.
    private void Recount()
    {
        var (bytes, records, oldest) = (0L, 0L, long.MaxValue);
        foreach (var segment in _segments)
        {
            bytes += segment.Length;
            records += segment.Records;
            if (segment is { Records: > 0, IsLeftAlone: false, Oldest: { } first } && first.UtcTicks < oldest)
            {
                oldest = first.UtcTicks;
            }
        }

        Volatile.Write(ref _bytes, bytes);
        Volatile.Write(ref _records, records);
        Volatile.Write(ref _oldest, oldest < long.MaxValue ? oldest : 0);
    }

    [LoggerMessage(4701, LogLevel.Warning, "The journal {Path} has {Records} records of an earlier process to be played, and {Damages} damaged stretches")]
    private static partial void Found(ILogger logger, string path, long records, int damages);

    [LoggerMessage(4702, LogLevel.Error, "The journal {Path} cannot be read, and what is in it was acknowledged: {Reason}")]
    private static partial void CannotBeRead(ILogger logger, string path, string reason);

    [LoggerMessage(4703, LogLevel.Error, "The journal in {Path} refused {Count} facts: {Reason} (and {More} such lines since the last one)")]
    private static partial void DiskFailed(ILogger logger, string path, int count, string reason, int more);

    // Next free id of the journal: 4704.
}
