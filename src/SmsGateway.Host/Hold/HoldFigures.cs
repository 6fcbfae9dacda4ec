using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Hold;

// What hold counts since the process began, by kind of fact: for metrics and for the admin API.
internal sealed class HoldFigures(HostMetrics metrics)
{
    private readonly long[] _taken = new long[HeldFact.Kinds.Length + 1];
    private readonly long[] _played = new long[HeldFact.Kinds.Length + 1];
    private long _refused;
    private long _parked;
    private long _rejected;

    public long TakenInAll => Sum(_taken);

    public long PlayedInAll => Sum(_played);

    public long RefusedInAll => Volatile.Read(ref _refused);

    public long ParkedInAll => Volatile.Read(ref _parked);

    public long RejectedInAll => Volatile.Read(ref _rejected);

    /// <summary>As metrics, logs and the admin API call a kind.</summary>
    public static string Word(FactKind kind) => kind switch
    {
        FactKind.Submission => "submission",
        FactKind.Receipt => "receipt",
        FactKind.UnreadableReceipt => "unreadable_receipt",
        FactKind.Mo => "mo",
        FactKind.Outcome => "outcome",
        FactKind.Acknowledgement => "acknowledgement",
        _ => "unknown",
    };

    public void Taken(FactKind kind)
    {
        Interlocked.Increment(ref _taken[(int)kind]);
        metrics.Held("taken", Word(kind));
    }

    public void Played(FactKind kind)
    {
        Interlocked.Increment(ref _played[(int)kind]);
        metrics.Held("played", Word(kind));
    }

    public void Refused(FactKind kind)
    {
        Interlocked.Increment(ref _refused);
        metrics.Held("refused", Word(kind));
    }

    /// <summary>Set aside with a reason: damaged, or the ledger does not take it.</summary>
    public void Parked(FactKind? kind)
    {
        Interlocked.Increment(ref _parked);
        metrics.Held("parked", kind is { } known ? Word(known) : "damaged");
    }

    /// <summary>An MT that lost its key to another content.</summary>
    public void Rejected()
    {
        Interlocked.Increment(ref _rejected);
        metrics.Held("rejected", Word(FactKind.Submission));
    }

    private static long Sum(long[] counts)
    {
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            sum += Volatile.Read(ref counts[i]);
        }

        return sum;
    }
}
