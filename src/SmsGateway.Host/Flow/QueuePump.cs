using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Brings queue rows that memory does not hold: what a lane spilled, what became due again, what a restart adopted, what another node
// handed over; and hands on what another node should send. The poll is the truth; everything that puts a segment into a lane directly,
// and every hint, only makes it faster.
internal sealed partial class QueuePump : LedgerLoop
{
    // One read brings at most this many, so that one connector's backlog does not keep the others waiting.
    private const int MostPerRead = 5_000;

    // A segment that the gateway itself failed to write so often is parked: no carrier can cure it.
    private const int MostFailures = 3;

    // Parked one by one; the rest of a read waits for the next pass, so that many of them keep no lane waiting.
    private const int MostParkedPerRead = 100;

    private readonly QueueLedger _queue;
    private readonly ConnectorLinks _links;
    private readonly SegmentsInMemory _memory;
    private readonly Dispatcher _dispatcher;
    private readonly HandOvers _handOvers;
    private readonly NodeStance _stance;
    private readonly NodeLease _held;
    private readonly NodeHints _hints;
    private readonly LeaseLoop _lease;
    private readonly FlowOptions _options;
    private readonly HandOverRest _rest;
    private readonly ILogger _logger;
    private readonly Dictionary<(string Connector, Priority Priority, bool Moved), long> _passedOver = [];

    public QueuePump(
        QueueLedger queue,
        ConnectorLinks links,
        SegmentsInMemory memory,
        Dispatcher dispatcher,
        HandOvers handOvers,
        NodeStance stance,
        NodeLease held,
        NodeHints hints,
        LeaseLoop lease,
        IOptions<FlowOptions> options,
        TimeProvider time,
        ILogger<QueuePump> logger)
        : base(options.Value.PollInterval, lease, time, logger)
    {
        (_queue, _links, _memory, _dispatcher, _handOvers) = (queue, links, memory, dispatcher, handOvers);
        (_stance, _held, _hints, _lease, _options, _logger) = (stance, held, hints, lease, options.Value, logger);
        _rest = new HandOverRest(TimeSpan.FromSeconds(2), time);
        hints.Told += OnTold;
        links.LiveChanged += OnLiveChanged;
        stance.Changed += OnStanceChanged;
        lease.EpochTaken += OnEpochTaken;
    }

    public override void Dispose()
    {
        _hints.Told -= OnTold;
        _links.LiveChanged -= OnLiveChanged;
        _stance.Changed -= OnStanceChanged;
        _lease.EpochTaken -= OnEpochTaken;
        base.Dispose();
    }

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        if (!_held.IsValid)
        {
            return false;
        }

        var more = false;
        if (!_stance.Accepts)
        {
            // Once more: somebody may have put something in while the stance changed.
            _dispatcher.Empty();
            more = await _handOvers.GiveLaterAsync(stopping).ConfigureAwait(false);
        }

        foreach (var link in _links.All)
        {
            _dispatcher.Redistribute(link);
        }

        var lanes = await _queue.ConnectorsWithWorkAsync(stopping).ConfigureAwait(false);
        foreach (var (connector, priority) in lanes)
        {
            more |= await FillMovedAsync(connector, priority, stopping).ConfigureAwait(false);
            more |= await FillAsync(connector, priority, stopping).ConfigureAwait(false);
        }

        UnspillOthers(lanes);
        return more;
    }

    // What was adopted or handed over does not wait until the lane has room for more of its own.
    private async Task<bool> FillMovedAsync(string connector, Priority priority, CancellationToken stopping)
    {
        var link = _links.Get(connector);
        if (IsPassedOver(link, priority, moved: true))
        {
            return await PassOverAsync(connector, priority, moved: true, stopping).ConfigureAwait(false);
        }

        var held = link.Lanes.MovedOf((int)priority);
        if (held > _options.LaneCapacity / 2)
        {
            return false;
        }

        var limit = held + MostPerRead;
        var rows = await _queue.FetchMovedAsync(connector, priority, limit, stopping).ConfigureAwait(false);
        var (taken, leaving) = await DispatchAsync(rows, onlyLive: false, stopping).ConfigureAwait(false);
        var given = await HandOnAsync($"{connector} {(int)priority} moved", leaving, wasAll: rows.Count < limit, stopping).ConfigureAwait(false);
        return rows.Count == limit && (taken > 0 || given > 0);
    }

    // The rows of a lane in memory come first in order, so a read must reach past them.
    private async Task<bool> FillAsync(string connector, Priority priority, CancellationToken stopping)
    {
        var lane = (int)priority;
        var link = _links.Get(connector);
        if (IsPassedOver(link, priority, moved: false))
        {
            return await PassOverAsync(connector, priority, moved: false, stopping).ConfigureAwait(false);
        }

        var target = link.Lanes;
        var held = target.CountOf(lane);
        if (held > _options.LaneCapacity / 2)
        {
            return false;
        }

        var limit = held + MostPerRead;
        var rows = await _queue.FetchAsync(connector, priority, limit, afterSeq: 0, stopping).ConfigureAwait(false);
        var (taken, leaving) = await DispatchAsync(rows, onlyLive: false, stopping).ConfigureAwait(false);
        var given = await HandOnAsync($"{connector} {lane}", leaving, wasAll: rows.Count < limit, stopping).ConfigureAwait(false);
        if (rows.Count < limit)
        {
            target.Unspill(lane);
            return false;
        }

        return taken > 0 || given > 0;
    }

    // Whether what waits for a dead connector may go another way; where nothing may, its lane is filled and waits.
    private bool IsPassedOver(ConnectorLink link, Priority priority, bool moved)
    {
        if (!link.Live && _dispatcher.HasElsewhere(link))
        {
            return true;
        }

        _passedOver.Remove((link.Name, priority, moved));
        return false;
    }

    // What can take no other connector stands before what can, in any number and whatever the lane holds. So the rows are looked through a page at a
    // time, from the beginning again after the end; a page with something to move is looked at until that is in a lane or gone.
    private async Task<bool> PassOverAsync(string connector, Priority priority, bool moved, CancellationToken stopping)
    {
        var place = (connector, priority, moved);
        if (!_passedOver.TryGetValue(place, out var after))
        {
            after = moved ? long.MinValue : 0;
        }

        var rows = moved
            ? await _queue.FetchMovedAsync(connector, priority, MostPerRead, after, stopping).ConfigureAwait(false)
            : await _queue.FetchAsync(connector, priority, MostPerRead, after, stopping).ConfigureAwait(false);
        var wasAll = rows.Count < MostPerRead;
        var (taken, leaving) = await DispatchAsync(rows, onlyLive: true, stopping).ConfigureAwait(false);
        var lane = moved ? $"{connector} {(int)priority} moved" : $"{connector} {(int)priority}";
        var given = await HandOnAsync(lane, leaving, wasAll, stopping).ConfigureAwait(false);
        if (wasAll)
        {
            _passedOver.Remove(place);
        }
        else if (taken == 0 && leaving.Count == 0)
        {
            _passedOver[place] = rows[^1].Seq;
        }

        return !wasAll && (taken > 0 || given > 0);
    }

    // Only rows from here can have failed before: what comes straight from its claim has not been tried.
    private async ValueTask<(int Taken, List<LeavingSegment> Leaving)> DispatchAsync(IReadOnlyList<QueuedSegment> rows, bool onlyLive, CancellationToken stopping)
    {
        var taken = 0;
        var leaving = new List<LeavingSegment>();
        List<QueuedSegment>? failed = null;
        foreach (var row in rows)
        {
            if (row.Failures >= MostFailures)
            {
                (failed ??= []).Add(row);
                continue;
            }

            var place = _dispatcher.PlaceOf(row.Route, row.PinnedConnector);
            if (place.Here is { } here)
            {
                taken += _stance.Accepts && _dispatcher.Enqueue(row, here, fromLedger: true) && (here.Live || !onlyLive) ? 1 : 0;
            }
            else if (!_memory.Contains(row.Key))
            {
                leaving.Add(new LeavingSegment(row.Key, place.Elsewhere));
            }
        }

        foreach (var row in failed?.Take(MostParkedPerRead) ?? [])
        {
            taken += await ParkAsync(row, stopping).ConfigureAwait(false) ? 1 : 0;
        }

        return (taken, leaving);
    }

    private async Task<bool> ParkAsync(QueuedSegment segment, CancellationToken stopping)
    {
        var isParked = await _queue.ParkAsync(
            segment.Key, $"failed {segment.Failures} times in the gateway itself: cannot be written as submit_sm to {segment.Connector}", stopping).ConfigureAwait(false);
        if (isParked)
        {
            Parked(_logger, new MessageId(segment.Key.Id), segment.Key.Segment, segment.Connector, segment.Failures);
        }

        return isParked;
    }

    private Task<int> HandOnAsync(string lane, List<LeavingSegment> leaving, bool wasAll, CancellationToken stopping) =>
        _rest.HandOnAsync(lane, leaving, wasAll, _stance.Accepts, some => _handOvers.GiveAsync(some, stopping));

    // A lane without rows in the ledger has nothing that was spilled, whatever its flag says: rows of another connector may have spilled into it.
    private void UnspillOthers(IReadOnlyList<(string Connector, Priority Priority)> lanes)
    {
        foreach (var link in _links.All)
        {
            for (var lane = 0; lane < SegmentLanes.Priorities; lane++)
            {
                if (link.Lanes.IsSpilled(lane) && !lanes.Contains((link.Name, (Priority)lane)))
                {
                    link.Lanes.Unspill(lane);
                }
            }
        }
    }

    private void OnTold(HintKind kind)
    {
        if (kind is HintKind.Queue or HintKind.All)
        {
            Wake();
        }
    }

    private void OnLiveChanged(ConnectorLink link) => Wake();

    private void OnStanceChanged()
    {
        if (!_stance.Accepts)
        {
            _dispatcher.Empty();
        }

        Wake();
    }

    private void OnEpochTaken()
    {
        _dispatcher.Empty();
        Wake();
    }

    [LoggerMessage(4103, LogLevel.Error, "Segment {Segment} of {MessageId} is parked: it failed {Failures} times in the gateway itself on its way to {Connector}")]
    private static partial void Parked(ILogger logger, MessageId messageId, short segment, string connector, short failures);
}
