using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>Whether this node knows ends of attempts that it could not tell the ledger yet (a journal that is not played): nothing is decided before.</summary>
internal delegate bool FactsUntold();

// What becomes of attempts in doubt by themselves, each second: a policy sends them again, the end of their validity gives them up, a receipt that
// can only be theirs ends them. Of this node's own and of those of nodes that are gone; a live node judges its own, for nobody else knows
// when a bind of it ended. The ledger decides, and lets one node do it.
internal sealed partial class DoubtSweeps : LedgerLoop
{
    private const int MostPerPass = 2_000;
    private const int MostAtOnce = 500;

    // Looking for receipts and counting read all open attempts: soon where there are doubts and news of receipts, else rarely.
    private static readonly TimeSpan LookSoon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookRarely = TimeSpan.FromSeconds(5);

    private readonly DoubtLedger _doubts;
    private readonly LingeringBinds _binds;
    private readonly UntoldEnds _ends;
    private readonly FactsUntold[] _untold;
    private readonly OpenDoubts _open;
    private readonly ConfigurationState _configuration;
    private readonly NodeIdentity _node;
    private readonly NodeLease _lease;
    private readonly NodeStance _stance;
    private readonly QueuePump _queuePump;
    private readonly HostMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DateTimeOffset? _lookedAt;
    private long? _lookedTimestamp;

    public DoubtSweeps(
        DoubtLedger doubts,
        LingeringBinds binds,
        UntoldEnds ends,
        IEnumerable<FactsUntold> untold,
        OpenDoubts open,
        ConfigurationState configuration,
        NodeIdentity node,
        NodeLease held,
        NodeStance stance,
        QueuePump queuePump,
        LeaseLoop lease,
        HostMetrics metrics,
        IOptions<FlowOptions> options,
        TimeProvider time,
        ILogger<DoubtSweeps> logger)
        : base(options.Value.PollInterval, lease, time, logger)
    {
        (_doubts, _binds, _ends, _open, _configuration, _node, _lease, _stance) = (doubts, binds, ends, open, configuration, node, held, stance);
        (_untold, _queuePump, _metrics, _time, _logger) = ([.. untold], queuePump, metrics, time, logger);
    }

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        if (!_lease.IsValid || Array.Exists(_untold, untold => untold()))
        {
            return false;
        }

        var more = await DecideAsync(stopping).ConfigureAwait(false);
        await LookForReceiptsAsync(stopping).ConfigureAwait(false);
        return more;
    }

    private async Task<bool> DecideAsync(CancellationToken stopping)
    {
        var resend = new HashSet<(string, Priority)>(
            _configuration.Current.Carriers.Values.SelectMany(carrier => Enum.GetValues<Priority>()
                .Where(priority => carrier.DoubtOf(priority) == DoubtPolicy.Resend).Select(priority => (carrier.Name, priority))));
        var query = new DoubtQuery(_node.FirstEpoch, Undecided(), resend, MostPerPass);
        var seen = await _doubts.ToDecideAsync(query, stopping).ConfigureAwait(false);

        // Once more, now that they were seen: a bind may have come up, and have been used, between the two.
        var binds = Undecided();
        var (self, now) = (_node.Current, _time.GetUtcNow());
        var mine = seen.Where(doubt => doubt.Owner == self.Node ? doubt.Epoch < _node.FirstEpoch || !binds.Contains(doubt.Bind) : _stance.Emits).ToList();
        var (over, valid) = (mine.FindAll(doubt => doubt.ValidUntil <= now), mine.FindAll(doubt => doubt.ValidUntil > now));
        var due = valid.FindAll(doubt => !RestoredBind.Is(doubt.Bind) && resend.Contains((doubt.Connector, doubt.Priority)) && (doubt.GoneFor is not { } gone || gone >= _binds.Drain));
        var givenUp = await EachAsync(over, new DoubtOrder(DoubtDecision.GiveUp, "validity"), "given_up", stopping).ConfigureAwait(false);
        var resent = await EachAsync(due, new DoubtOrder(DoubtDecision.Resend, "policy") { Drain = _binds.Drain }, "resend", stopping).ConfigureAwait(false);
        if (resent > 0)
        {
            _queuePump.Wake();
        }

        // What another node is deciding, or an answer is ending, is no reason to look again at once.
        return seen.Count >= MostPerPass && givenUp + resent > 0;
    }

    // Binds of which no attempt is decided: an answer may still come, the socket may still drain, or the end is known here and on its way to the ledger.
    private HashSet<string> Undecided() => [.. _binds.Names, .. _ends.Binds];

    private async Task<int> EachAsync(List<Doubt> doubts, DoubtOrder order, string how, CancellationToken stopping)
    {
        var count = 0;
        foreach (var some in doubts.Chunk(MostAtOnce))
        {
            foreach (var (connector, decided) in await _doubts.DecideAsync(some, order, stopping).ConfigureAwait(false))
            {
                count += decided;
                _metrics.DoubtEnded(connector, how, decided);
                Decided(_logger, decided, connector, order.Why, order.Decision);
            }
        }

        return count;
    }

    private async Task LookForReceiptsAsync(CancellationToken stopping)
    {
        var waiting = await _doubts.LastParkedReceiptAsync(stopping).ConfigureAwait(false);
        var since = _lookedTimestamp is { } last ? _time.GetElapsedTime(last) : LookRarely;
        if (since < LookRarely && !(_open.Any && waiting is not null && waiting != _lookedAt && since >= LookSoon))
        {
            return;
        }

        _open.Counted(await _doubts.CountAsync(stopping).ConfigureAwait(false));
        (_lookedAt, _lookedTimestamp) = (waiting, _time.GetTimestamp());
        if (waiting is null)
        {
            return;
        }

        foreach (var some in (await _doubts.NameAsync(MostAtOnce, stopping).ConfigureAwait(false)).GroupBy(named => named.Connector, StringComparer.Ordinal))
        {
            _lookedTimestamp = null; // there may be more
            _metrics.DoubtEnded(some.Key, "receipt", some.Count(named => named.WasOpen));
            Named(_logger, some.Count(), some.Key);
        }
    }

    [LoggerMessage(4601, LogLevel.Information, "{Count} attempts in doubt of connector {Connector} were decided by {Why}: {Decision}")]
    private static partial void Decided(ILogger logger, int count, string connector, string why, DoubtDecision decision);

    [LoggerMessage(4602, LogLevel.Information, "{Count} attempts without a carrier's id of connector {Connector} are the only ones that receipts without an attempt can belong to, and got their id")]
    private static partial void Named(ILogger logger, int count, string connector);

    // Next free id here: 4603.
}
