using Microsoft.Extensions.Options;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What has to be looked for because no event brings it: what this node owned under an older epoch, what nodes that are gone
// still own (again and again: their last transactions may commit late), validities that ended, receipts that wait for their outcome,
// messages whose parts are all final.
internal sealed class LedgerSweeps : LedgerLoop
{
    private const int MostPerPass = 2_000;

    private readonly QueueLedger _queue;
    private readonly ReceiptLedger _receipts;
    private readonly UnknownAttempts _unknown;
    private readonly NodeDirectory _directory;
    private readonly NodeStance _stance;
    private readonly NodeLease _held;
    private readonly QueuePump _queuePump;
    private readonly OutboxPump _outboxPump;
    private readonly LeaseLoop _lease;
    private readonly HostMetrics _metrics;

    public LedgerSweeps(
        QueueLedger queue,
        ReceiptLedger receipts,
        UnknownAttempts unknown,
        NodeDirectory directory,
        NodeStance stance,
        NodeLease held,
        QueuePump queuePump,
        OutboxPump outboxPump,
        LeaseLoop lease,
        HostMetrics metrics,
        IOptions<FlowOptions> options,
        TimeProvider time,
        ILogger<LedgerSweeps> logger)
        : base(options.Value.PollInterval, lease, time, logger)
    {
        (_queue, _receipts, _unknown, _directory, _stance, _held) = (queue, receipts, unknown, directory, stance, held);
        (_queuePump, _outboxPump, _lease, _metrics) = (queuePump, outboxPump, lease, metrics);
        lease.EpochTaken += Wake;
    }

    public override void Dispose()
    {
        _lease.EpochTaken -= Wake;
        base.Dispose();
    }

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        var more = false;
        if (_held.IsValid)
        {
            more = await AdoptAsync(stopping).ConfigureAwait(false);
            var expired = await _queue.ExpireAsync(MostPerPass, stopping).ConfigureAwait(false);
            _metrics.Expired(expired);
            more |= expired >= MostPerPass;
        }

        await _receipts.SweepAsync(stopping).ConfigureAwait(false);
        await _unknown.SettleAsync(stopping).ConfigureAwait(false);
        return more;
    }

    // Its own rows in every mode, so that it can hand them over; those of others only while it may emit them.
    private async Task<bool> AdoptAsync(CancellationToken stopping)
    {
        var any = Woken(await _queue.AdoptAsync(MostPerPass, stopping).ConfigureAwait(false));
        foreach (var node in _directory.Gone)
        {
            if (_stance.Emits)
            {
                any |= Woken(await _queue.AdoptAsync(new NodeEpoch(node.Id, node.Epoch), MostPerPass, stopping).ConfigureAwait(false));
            }
        }

        return any;
    }

    private bool Woken(Adopted adopted)
    {
        if (adopted.Segments > 0)
        {
            _queuePump.Wake();
        }

        if (adopted.Deliveries > 0)
        {
            _outboxPump.Wake();
        }

        return !adopted.IsEmpty;
    }
}
