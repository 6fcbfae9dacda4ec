using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Brings outbox rows that memory does not hold, for accounts that somebody can hand them to now; takes those back to the
// ledger whose lane has closed; parks what has outlived its retention.
internal sealed class OutboxPump(
    OutboxLedger outbox,
    Deliveries deliveries,
    DeliveriesInMemory memory,
    IOptions<FlowOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<OutboxPump> logger) : LedgerLoop(options.Value.PollInterval, lifetime, time, logger)
{
    private const int MostPerRead = 2_000;

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        foreach (var lane in deliveries.Lanes)
        {
            while (!lane.Open && lane.Reader.TryRead(out var waiting))
            {
                memory.Remove(waiting.Id);
            }
        }

        var more = false;
        foreach (var account in await outbox.AccountsDueAsync(stopping).ConfigureAwait(false))
        {
            more |= await FillAsync(account, stopping).ConfigureAwait(false);
        }

        return more;
    }

    private async Task<bool> FillAsync(string account, CancellationToken stopping)
    {
        var http = deliveries.LaneOf(account, Protocol.Http);
        var smpp = deliveries.LaneOf(account, Protocol.Smpp);
        var held = http.Reader.Count + smpp.Reader.Count;
        if ((!http.Open && !smpp.Open) || held > options.Value.DeliveryCapacity / 2)
        {
            return false;
        }

        // What is offered and unanswered is still in the outbox too, so a read must reach past it.
        var limit = memory.CountOf(account) + MostPerRead;
        var before = memory.Count;
        memory.BeginRead();
        try
        {
            var rows = await outbox.FetchAsync(account, limit, stopping).ConfigureAwait(false);
            deliveries.Offer([.. rows.Where(row => !memory.HasLeft(row.Id))]);
            return rows.Count == limit && memory.Count > before;
        }
        finally
        {
            memory.EndRead();
        }
    }
}
