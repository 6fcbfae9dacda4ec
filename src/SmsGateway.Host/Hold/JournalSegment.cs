namespace SmsGateway.Host.Hold;

// One file of the journal and what is still to be played of it. Changed under the journal's lock only.
internal sealed class JournalSegment(string path, JournalHeader header)
{
    private readonly long[] _left = new long[HeldFact.Kinds.Length + 1];

    public string Path => path;

    public JournalHeader Header => header;

    /// <summary>Octets that are durable, and whole records.</summary>
    public long Length { get; set; } = JournalHeader.Length;

    /// <summary>Everything before it is in the ledger.</summary>
    public long PlayedTo { get; set; } = JournalHeader.Length;

    /// <summary>This process wrote it, and knows what of it was acknowledged.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Something of it was parked: the file stays when it has been played, under another name.</summary>
    public bool IsKept { get; set; }

    /// <summary>A person decides what becomes of it; its age keeps nothing else out.</summary>
    public bool IsLeftAlone { get; set; }

    /// <summary>Nothing is written to it any more.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Damaged or torn stretches; the file is then kept when it has been played.</summary>
    public int Damages { get; set; }

    public DateTimeOffset? Oldest { get; private set; }

    public DateTimeOffset? Newest { get; private set; }

    public long Records => _left.Sum();

    public long Left(FactKind kind) => _left[Index(kind)];

    public void Add(FactKind kind, DateTimeOffset at)
    {
        _left[Index(kind)]++;
        Oldest = Oldest is { } oldest && oldest < at ? oldest : at;
        Newest = Newest is { } newest && newest > at ? newest : at;
    }

    public void Took(FactKind kind) => _left[Index(kind)]--;

    // Of a kind that this version does not know: 0.
    private static int Index(FactKind kind) => (int)kind <= HeldFact.Kinds.Length ? (int)kind : 0;
}
