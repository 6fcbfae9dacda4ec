using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Brings queue rows that memory does not hold: what a lane spilled, what became due again, what a restart adopted. The
// poll is the truth; everything that puts a segment into a lane directly only makes it faster.
internal sealed class QueuePump(
    QueueLedger queue,
    ConnectorLinks links,
    Dispatcher dispatcher,
    IOptions<FlowOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<QueuePump> logger) : LedgerLoop(options.Value.PollInterval, lifetime, time, logger)
{
    // One read brings at most this many, so that one connector's backlog does not keep the others waiting.
    private const int MostPerRead = 5_000;

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        foreach (var link in links.All)
        {
            dispatcher.Redistribute(link);
        }

        var more = false;
        foreach (var (connector, priority) in await queue.ConnectorsWithWorkAsync(stopping).ConfigureAwait(false))
        {
            more |= await FillAsync(connector, priority, stopping).ConfigureAwait(false);
        }

        return more;
    }

    // The rows of a lane in memory come first in order, so a read must reach past them.
    private async Task<bool> FillAsync(string connector, Priority priority, CancellationToken stopping)
    {
        var lane = (int)priority;
        var target = dispatcher.Pick([connector], null).Lanes;
        var held = target.CountOf(lane);
        if (held > options.Value.LaneCapacity / 2)
        {
            return false;
        }

        var limit = held + MostPerRead;
        var rows = await queue.FetchAsync(connector, priority, limit, afterSeq: 0, stopping).ConfigureAwait(false);
        var taken = 0;
        foreach (var row in rows)
        {
            if (dispatcher.Dispatch(row, fromLedger: true))
            {
                taken++;
            }
        }

        if (rows.Count < limit)
        {
            target.Unspill(lane);
            return false;
        }

        return taken > 0;
    }
}
