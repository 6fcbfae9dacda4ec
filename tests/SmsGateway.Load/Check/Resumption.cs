namespace SmsGateway.Load.Check;

/// <summary>The way of one accepted message, in seconds of the run.</summary>
/// <param name="Node">Number of the node whose answer accepted it.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="EmittedAt">When the first carrier took it; NaN = none did.</param>
/// <param name="LatencyMs">From first sending to acceptance.</param>
internal readonly record struct Passage(int Node, double AcceptedAt, double EmittedAt, double LatencyMs = 0);

/// <summary>A submission refused, in seconds of the run.</summary>
internal readonly record struct RefusedAt(int Node, double At, string Status);

/// <summary>What a fault did to the messages of the nodes it hurt, and to customers at the others.</summary>
/// <param name="Resumed">Messages accepted by a hurt node before the fault that a carrier took after it.</param>
/// <param name="FirstSeconds">The first of them, after the fault; null = none.</param>
/// <param name="LastSeconds">The last of them.</param>
/// <param name="Later">Of them, those later than a second: not what still drained from dead sockets.</param>
/// <param name="LaterFirstSeconds">The first of those.</param>
/// <param name="LongestGapSeconds">The longest time without an acceptance by any other node while the fault was watched; null = nothing was accepted after it.</param>
/// <param name="Refused">Refusals by other nodes meanwhile, by status.</param>
internal sealed record Resumption(
    int Resumed, double? FirstSeconds, double? LastSeconds, int Later, double? LaterFirstSeconds, double? LongestGapSeconds, IReadOnlyDictionary<string, int> Refused)
{
    /// <summary>How long the other nodes are looked at, unless the next fault comes first.</summary>
    public const double LongestWatch = 60;

    private const double DrainSeconds = 1;

    /// <summary>p99 of the acceptances of the other nodes in the watch before the fault, in ms; null = there were none.</summary>
    public double? P99BeforeMs { get; init; }

    /// <summary>The same in the watch after it.</summary>
    public double? P99AfterMs { get; init; }

    /// <param name="at">The fault, in seconds of the run.</param>
    /// <param name="watch">How long the other nodes are looked at, in seconds.</param>
    /// <param name="hurt">Numbers of the nodes it hurt. None, or all of them: every node is looked at for gaps and refusals.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="passages">All accepted messages.</param>
    /// <param name="refusals">All refusals.</param>
    public static Resumption Of(double at, double watch, IReadOnlySet<int> hurt, int nodes, IReadOnlyList<Passage> passages, IReadOnlyList<RefusedAt> refusals)
    {
        bool Other(int node) => !hurt.Contains(node) || hurt.Count >= nodes;
        double[] after = [.. passages.Where(p => hurt.Contains(p.Node) && p.AcceptedAt <= at && p.EmittedAt > at).Select(p => p.EmittedAt - at).Order()];
        double[] later = [.. after.Where(seconds => seconds > DrainSeconds)];
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (RefusedAt refusal in refusals.Where(r => r.At > at && r.At <= at + watch && Other(r.Node)))
            refused[refusal.Status] = refused.GetValueOrDefault(refusal.Status) + 1;
        return new Resumption(
            after.Length, First(after), after.Length == 0 ? null : after[^1], later.Length, First(later), LongestGap(at, at + watch, passages, Other), refused)
        {
            P99BeforeMs = P99(passages.Where(p => p.AcceptedAt <= at && p.AcceptedAt > at - watch && Other(p.Node))),
            P99AfterMs = P99(passages.Where(p => p.AcceptedAt > at && p.AcceptedAt <= at + watch && Other(p.Node))),
        };
    }

    private static double? P99(IEnumerable<Passage> passages)
    {
        double[] sorted = [.. passages.Select(p => p.LatencyMs).Order()];
        return sorted.Length == 0 ? null : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * 0.99))];
    }

    private static double? First(double[] seconds) => seconds.Length == 0 ? null : seconds[0];

    // From the fault to the first acceptance counts, and so does the time until the one that ends the watch; what comes after the run's last acceptance does not.
    private static double? LongestGap(double at, double until, IReadOnlyList<Passage> passages, Func<int, bool> other)
    {
        double last = at;
        double? longest = null;
        foreach (double accepted in passages.Where(p => p.AcceptedAt > at && other(p.Node)).Select(p => p.AcceptedAt).Order())
        {
            double end = Math.Min(accepted, until);
            longest = Math.Max(longest ?? 0, end - last);
            last = end;
            if (accepted >= until)
                break;
        }

        return longest;
    }
}
