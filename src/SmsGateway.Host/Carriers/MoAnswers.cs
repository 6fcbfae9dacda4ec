namespace SmsGateway.Host.Carriers;

// Whether carriers got the acknowledgements of MOs that have no id of their own: written within 5 s of the MO's coming, and the session lived 10 s longer.
// Looked at once a second, always in favour of "not proven": what was written since the last look counts as written now. What is proven or disproven is
// kept until the ledger was told.
internal sealed class MoAnswers(TimeProvider time)
{
    /// <summary>The answer must be written this soon, else the carrier may have sent it again already.</summary>
    public static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);

    /// <summary>The session must live this much longer, else the answer may have been lost with it.</summary>
    public static readonly TimeSpan Outlived = TimeSpan.FromSeconds(10);

    // An MO that is not in the ledger by then, and not in the journal either, can be a repeat of nothing any more.
    private static readonly TimeSpan TellFor = TimeSpan.FromMinutes(10);

    // Of a few hundred octets each. More in ten seconds is a flood: what is not watched counts as unproven, so that its repeats are suppressed and listed.
    private const int MostWatched = 10_000;

    private readonly Lock _gate = new();
    private readonly List<Watched> _watched = [];
    private readonly Dictionary<Guid, (bool Arrived, long Since)> _untold = [];
    private long? _heldAt;
    private CancellationToken? _allTold;

    /// <summary>An MO's acknowledgement was given to its session.</summary>
    /// <param name="id">The MO.</param>
    /// <param name="came">Timestamp of its coming.</param>
    /// <param name="isWritten">Whether the transport took it.</param>
    /// <param name="isOver">Whether the session has ended.</param>
    public void Answered(Guid id, long came, Func<bool> isWritten, Func<bool> isOver)
    {
        lock (_gate)
        {
            if (_watched.Count + _untold.Count < MostWatched)
            {
                _watched.Add(new Watched(id, came, isWritten, isOver));
            }
        }
    }

    /// <summary>An MO was refused that may be stored all the same.</summary>
    public void NotAnswered(Guid id)
    {
        lock (_gate)
        {
            if (_watched.Count + _untold.Count < MostWatched)
            {
                _untold[id] = (false, time.GetTimestamp());
            }
        }
    }

    /// <summary>Looks at all that are watched.</summary>
    /// <param name="isHeld">MOs wait in the journal: what is known of them is kept until they are in the ledger, however long that takes.</param>
    /// <returns>What is known and not told yet.</returns>
    public IReadOnlyList<(Guid Id, bool Arrived)> Look(bool isHeld)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            _watched.RemoveAll(watched => Judge(watched, now) is { } arrived && _untold.TryAdd(watched.Id, (arrived, now)));
            _heldAt = isHeld ? now : _heldAt;
            foreach (var old in _untold.Where(untold => time.GetElapsedTime(Math.Max(untold.Value.Since, _heldAt ?? untold.Value.Since), now) > TellFor).Select(untold => untold.Key).ToList())
            {
                _untold.Remove(old);
            }

            return [.. _untold.Select(untold => (untold.Key, untold.Value.Arrived))];
        }
    }

    /// <summary>The ledger knows of these.</summary>
    public void Told(IReadOnlySet<Guid> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                _untold.Remove(id);
            }
        }
    }

    /// <summary>All that a look gave has been told since the ledger came back, or there was nothing.</summary>
    /// <param name="lost">What the next loss of the ledger cancels; from before the look.</param>
    public void AllTold(CancellationToken lost)
    {
        lock (_gate)
        {
            _allTold = lost;
        }
    }

    /// <summary>Whether it was not, since the ledger came back.</summary>
    public bool IsUntold(CancellationToken lost)
    {
        lock (_gate)
        {
            return _allTold != lost;
        }
    }

    private bool? Judge(Watched watched, long now)
    {
        if (watched.WrittenBy is not { } written)
        {
            if (time.GetElapsedTime(watched.Came, now) > Prompt || watched.IsOver())
            {
                return false;
            }

            if (!watched.IsWritten())
            {
                return null;
            }

            watched.WrittenBy = written = now;
        }

        return watched.IsOver() ? false : time.GetElapsedTime(written, now) > Outlived ? true : null;
    }

    private sealed class Watched(Guid id, long came, Func<bool> isWritten, Func<bool> isOver)
    {
        public Guid Id { get; } = id;

        public long Came { get; } = came;

        public Func<bool> IsWritten { get; } = isWritten;

        public Func<bool> IsOver { get; } = isOver;

        /// <summary>Timestamp by which it was seen to be written; null = not yet.</summary>
        public long? WrittenBy { get; set; }
    }
}
