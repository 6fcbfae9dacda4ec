using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What is due every few minutes: partitions made ahead of time and dropped after their retention (every node does it, the
// ledger lets one at a time), deliveries that nobody took within theirs, and decisions about doubts that are past it.
internal sealed class LedgerUpkeep(
    PartitionCalendar calendar,
    OutboxLedger outbox,
    DoubtLedger doubts,
    IOptions<FlowOptions> options,
    LeaseLoop lease,
    TimeProvider time,
    ILogger<LedgerUpkeep> logger) : LedgerLoop(TimeSpan.FromMinutes(10), lease, time, logger)
{
    private const int MostPerPass = 5_000;
    private readonly TimeProvider _time = time;

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        await calendar.RunAsync(stopping).ConfigureAwait(false);
        var parked = await outbox.ParkOlderAsync(
            _time.GetUtcNow() - options.Value.DeliveryRetention, "not delivered within Flow:DeliveryRetention", MostPerPass, stopping).ConfigureAwait(false);
        var forgotten = await doubts.ForgetAsync(MostPerPass, stopping).ConfigureAwait(false);
        return parked >= MostPerPass || forgotten >= MostPerPass;
    }
}
