using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Makes partitions ahead of time and drops what has outlived its retention; every node does, the ledger lets one at a time.
internal sealed class PartitionUpkeep(
    PartitionCalendar calendar,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PartitionUpkeep> logger) : LedgerLoop(TimeSpan.FromMinutes(10), lifetime, time, logger)
{
    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        await calendar.RunAsync(stopping).ConfigureAwait(false);
        return false;
    }
}
