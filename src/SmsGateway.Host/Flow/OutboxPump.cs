using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Brings outbox rows that memory does not hold, for accounts that somebody can hand them to now, here or at another node; takes those
// back to the ledger whose lane has closed. Rows of accounts that nobody reaches stay where they are.
internal sealed class OutboxPump : LedgerLoop
{
    private const int MostPerRead = 2_000;

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
        if (!IsReachable(account))
        {
            return false;
        }

        // What is offered and unanswered is still in the outbox too, so a read must reach past it.
        var limit = _memory.CountOf(account) + MostPerRead;
        var before = _memory.Count;
        _memory.BeginRead();
        try
        {
            var rows = await _outbox.FetchAsync(account, limit, stopping).ConfigureAwait(false);
            var (here, leaving) = Sort(rows);
            _deliveries.Offer(here);
            var given = await HandOnAsync(account, leaving, wasAll: rows.Count < limit, stopping).ConfigureAwait(false);
            return rows.Count == limit && (given > 0 || _memory.Count > before);
        }
        finally
        {
            _memory.EndRead();
        }
    }

    private bool IsReachable(string account)
    {
        if (!_stance.Accepts)
        {
            return _directory.Peers.Count > 0;
        }

        var http = _deliveries.LaneOf(account, Protocol.Http);
        var smpp = _deliveries.LaneOf(account, Protocol.Smpp);
        return (http.Open || smpp.Open || _directory.IsReachedElsewhere(account)) &&
            http.Reader.Count + smpp.Reader.Count <= _options.DeliveryCapacity / 2;
    }

    private (List<Delivery> Here, List<LeavingDelivery> Leaving) Sort(IReadOnlyList<Delivery> rows)
    {
        var now = _time.GetUtcNow();
        var (here, leaving) = (new List<Delivery>(rows.Count), new List<LeavingDelivery>());
        foreach (var row in rows)
        {
            if (_memory.HasLeft(row.Id) || _memory.Contains(row.Id))
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
