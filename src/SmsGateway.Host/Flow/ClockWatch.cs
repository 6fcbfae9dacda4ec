using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Compares this machine's clock with the ledger's, also when nobody asks for this node's health: that sets the SteadyClock.
internal sealed class ClockWatch(LedgerHealth health, LeaseLoop lease, TimeProvider time, ILogger<ClockWatch> logger)
    : LedgerLoop(TimeSpan.FromSeconds(10), lease, time, logger)
{
    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        await health.CheckAsync(stopping).ConfigureAwait(false);
        return false;
    }
}
