using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Brings outbox rows that memory does not hold, for accounts that somebody can hand them to now, here or at another node; takes those
// back to the ledger whose lane has closed. Rows of accounts that nobody reaches stay where they are.
internal sealed class OutboxPump : LedgerLoop
{
    private const int MostPerRead = 2_000;

    // Rows that one read for one protocol may pass over: some milliseconds of the ledger's time.
    private const int MostLookedAt = 10_000;

    private readonly OutboxLedger _outbox;
    private readonly Deliveries _deliveries;
    private readonly DeliveriesInMemory _memory;
    private readonly HandOvers _handOvers;
    private readonly NodeDirectory _directory;
    private readonly NodeStance _stance;
    private readonly NodeLease _held;
    private readonly NodeHints _hints;
    private readonly LeaseLoop _lease;
    private readonly FlowOptions _options;
    private readonly TimeProvider _time;
    private readonly HandOverRest _rest;
    private readonly Dictionary<(string Account, Protocol Protocol), OutboxSweep> _sweeps = [];

    public OutboxPump(
        OutboxLedger outbox,
        Deliveries deliveries,
        DeliveriesInMemory memory,
        HandOvers handOvers,
        NodeDirectory directory,
        NodeStance stance,
        NodeLease held,
        NodeHints hints,
        LeaseLoop lease,
        IOptions<FlowOptions> options,
        TimeProvider time,
        ILogger<OutboxPump> logger)
        : base(options.Value.PollInterval, lease, time, logger)
    {
        (_outbox, _deliveries, _memory, _handOvers, _directory) = (outbox, deliveries, memory, handOvers, directory);
        (_stance, _held, _hints, _lease, _options, _time) = (stance, held, hints, lease, options.Value, time);
        _rest = new HandOverRest(TimeSpan.FromSeconds(1), time);
        hints.Told += OnTold;
        stance.Changed += OnStanceChanged;
        lease.EpochTaken += OnEpochTaken;
    }

    public override void Dispose()
    {
        _hints.Told -= OnTold;
        _stance.Changed -= OnStanceChanged;
        _lease.EpochTaken -= OnEpochTaken;
        base.Dispose();
    }

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        _deliveries.Empty(static lane => !lane.Open);
        if (!_held.IsValid)
        {
            return false;
        }

        if (!_stance.Accepts)
        {
            _deliveries.Empty(static _ => true);
        }

        var more = false;
        foreach (var account in await _outbox.AccountsDueAsync(stopping).ConfigureAwait(false))
        {
            more |= await FillAsync(account, stopping).ConfigureAwait(false);
        }

        return more;
    }

    private async Task<bool> FillAsync(string account, CancellationToken stopping)
    {
        var (http, smpp) = (HasRoom(account, Protocol.Http), HasRoom(account, Protocol.Smpp));
        if (http == smpp)
        {
            _sweeps.Remove((account, Protocol.Http));
            _sweeps.Remove((account, Protocol.Smpp));
        }

        if (!http && !smpp)
        {
            return false;
        }

        // What is offered and unanswered is still in the outbox too, so a read must reach past it.
        var limit = _memory.CountOf(account) + MostPerRead;
        var before = _memory.Count;
        _memory.BeginRead();
        try
        {
            var (read, given) = http && smpp
                ? await FillBothAsync(account, limit, stopping).ConfigureAwait(false)
                : await FillOneAsync(account, http ? Protocol.Http : Protocol.Smpp, limit, stopping).ConfigureAwait(false);
            return read == limit && (given > 0 || _memory.Count > before);
        }
        finally
        {
            _memory.EndRead();
        }
    }

    private async Task<(int Read, int Given)> FillBothAsync(string account, int limit, CancellationToken stopping)
    {
        var rows = await _outbox.FetchAsync(account, limit, stopping).ConfigureAwait(false);
        var (here, leaving) = Sort(rows);
        _deliveries.Offer(here);
        return (rows.Count, await HandOnAsync(account, leaving, wasAll: rows.Count < limit, stopping).ConfigureAwait(false));
    }

    // The other protocol's lane is behind and its rows stand before these: they are passed over in the ledger, a page at a time.
    private async Task<(int Read, int Given)> FillOneAsync(string account, Protocol protocol, int limit, CancellationToken stopping)
    {
        if (!_sweeps.TryGetValue((account, protocol), out var sweep))
        {
            _sweeps[(account, protocol)] = sweep = new OutboxSweep();
        }

        var page = await _outbox.FetchPageAsync(account, protocol, sweep.UpTo, MostLookedAt, limit, stopping).ConfigureAwait(false);
        var (here, leaving) = Sort(page.Deliveries);
        sweep.Looked(page.From, found: here.Count + leaving.Count > 0);
        _deliveries.Offer(here);
        return (page.Deliveries.Count, await HandOnAsync(account, leaving, wasAll: page.Deliveries.Count < limit, stopping).ConfigureAwait(false));
    }

    // Each protocol by itself: a URL that takes nothing does not keep the binds waiting, nor the reverse.
    private bool HasRoom(string account, Protocol protocol)
    {
        if (!_stance.Accepts)
        {
            return _directory.Peers.Count > 0;
        }

        var place = _deliveries.PlaceAtLast(account, protocol);
        return place.IsElsewhere || place.Lane?.Reader.Count <= _options.DeliveryCapacity / 2;
    }

    private (List<Delivery> Here, List<LeavingDelivery> Leaving) Sort(IReadOnlyList<Delivery> rows)
    {
        var now = _time.GetUtcNow();
        var (here, leaving) = (new List<Delivery>(rows.Count), new List<LeavingDelivery>());
        foreach (var row in rows)
        {
            if (_memory.HoldsOrHeld(row.Id))
            {
                continue;
            }

            var place = _deliveries.PlaceOf(row, now);
            if (place.IsElsewhere)
            {
                leaving.Add(new LeavingDelivery(new DeliveryRetry(row.Id, now, row.Offers), place.Account));
            }
            else if (place.Lane is not null)
            {
                here.Add(row);
            }
        }

        return (here, leaving);
    }

    private Task<int> HandOnAsync(string account, List<LeavingDelivery> leaving, bool wasAll, CancellationToken stopping) =>
        _rest.HandOnAsync(account, leaving, wasAll, _stance.Accepts, some => _handOvers.GiveAsync(some, stopping));

    private void OnTold(HintKind kind)
    {
        if (kind is HintKind.Outbox or HintKind.All)
        {
            Wake();
        }
    }

    private void OnStanceChanged()
    {
        if (!_stance.Emits)
        {
            _deliveries.Empty(static _ => true);
        }

        Wake();
    }

    private void OnEpochTaken()
    {
        _deliveries.Empty(static _ => true);
        Wake();
    }
}
