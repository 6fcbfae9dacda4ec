namespace SmsGateway.Load.Journal;

// What the client believes about each message of a run, in arrays indexed by the message's number. Several threads write, each message's
// fields are written by the one that has it in hand; sums are interlocked.
internal sealed class MessageBook(int capacity, TimeProvider time)
{
    // Stands in for an id; no hash of one is taken for it in practice.
    private const ulong RefusedMark = ulong.MaxValue;

    private readonly long[] _firstSent = new long[capacity];
    private readonly int[] _acceptedAfterUs = new int[capacity];
    private readonly ulong[] _id = new ulong[capacity];
    private readonly int[] _sendings = new int[capacity];
    private readonly ushort[] _acceptedBy = new ushort[capacity];
    private int _issued;
    private int _accepted;
    private int _refused;
    private int _idMismatches;
    private long _throttled;
    private long _resent;
    private long _lastAccept;

    /// <summary>Numbers that can be handed out at all.</summary>
    public int Capacity => capacity;

    /// <summary>Numbers handed out; all arrays count up to here.</summary>
    public int Issued => Math.Min(Volatile.Read(ref _issued), capacity);

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Refused for good.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Messages without any answer that settles them.</summary>
    public int Open => Issued - Accepted - Refused;

    /// <summary>Answered again with another id than before: the gateway broke its word.</summary>
    public int IdMismatches => Volatile.Read(ref _idMismatches);

    /// <summary>Answers that asked to try again later.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Sent again: for want of an answer, or as a copy.</summary>
    public long Resent => Interlocked.Read(ref _resent);

    /// <summary>Timestamp of the last acceptance.</summary>
    public long LastAccept => Interlocked.Read(ref _lastAccept);

    /// <summary>The next new number, or -1 when all are handed out.</summary>
    public int Next()
    {
        if (Volatile.Read(ref _issued) >= capacity)
            return -1;
        int number = Interlocked.Increment(ref _issued) - 1;
        return number < capacity ? number : -1;
    }

    /// <summary>About to be sent. The first time counts for latency.</summary>
    /// <returns>Whether it is the first time.</returns>
    public bool Sending(int number)
    {
        bool isFirst = Interlocked.Increment(ref _sendings[number]) == 1;
        if (isFirst)
            _firstSent[number] = time.GetTimestamp();
        else
            Interlocked.Increment(ref _resent);
        return isFirst;
    }

    /// <summary>It was not sent after all: the bind took no more.</summary>
    public void NotSent(int number)
    {
        if (Interlocked.Decrement(ref _sendings[number]) == 0)
            _firstSent[number] = 0;
        else
            Interlocked.Decrement(ref _resent);
    }

    public void NoteThrottled() => Interlocked.Increment(ref _throttled);

    /// <summary>Answered OK with an id by that node. Returns false for a repeated answer.</summary>
    public bool Accept(int number, ulong id, int node = 0)
    {
        long now = time.GetTimestamp();
        ulong before = Interlocked.CompareExchange(ref _id[number], id, 0);
        if (before == RefusedMark && Interlocked.CompareExchange(ref _id[number], id, RefusedMark) == RefusedMark)
        {
            // Refused over one bind, accepted over another: the acceptance binds.
            Interlocked.Decrement(ref _refused);
        }
        else if (before != 0)
        {
            if (before != id)
                Interlocked.Increment(ref _idMismatches);
            return false;
        }

        _acceptedBy[number] = (ushort)node;
        _acceptedAfterUs[number] = Math.Max(1, Micros(_firstSent[number], now));
        Interlocked.Increment(ref _accepted);
        Interlocked.Exchange(ref _lastAccept, now);
        return true;
    }

    /// <summary>Refused for good; what was settled before stays as it is.</summary>
    public void Refuse(int number)
    {
        if (Interlocked.CompareExchange(ref _id[number], RefusedMark, 0) == 0)
            Interlocked.Increment(ref _refused);
    }

    public bool IsAccepted(int number) => Id(number) != 0;

    /// <summary>Accepted or refused: not to be sent again.</summary>
    public bool IsSettled(int number) => Volatile.Read(ref _id[number]) != 0;

    /// <summary>Hash of the gateway's id; 0 = not accepted.</summary>
    public ulong Id(int number) => Volatile.Read(ref _id[number]) is var id && id == RefusedMark ? 0 : id;

    /// <summary>Microseconds from first sending to acceptance; 0 = not accepted.</summary>
    public int AcceptedAfterUs(int number) => _acceptedAfterUs[number];

    /// <summary>Number of the node whose answer accepted it; only of accepted ones.</summary>
    public int AcceptedBy(int number) => _acceptedBy[number];

    /// <summary>Time from a timestamp to its acceptance; only of accepted ones.</summary>
    public TimeSpan AcceptedSince(long timestamp, int number)
        => time.GetElapsedTime(timestamp, _firstSent[number]) + TimeSpan.FromMicroseconds(_acceptedAfterUs[number]);

    /// <summary>Microseconds from first sending to the timestamp.</summary>
    public int AfterFirstSent(int number, long timestamp) => Micros(_firstSent[number], timestamp);

    private int Micros(long from, long to) => (int)Math.Min(int.MaxValue, time.GetElapsedTime(from, to).TotalMicroseconds);
}
