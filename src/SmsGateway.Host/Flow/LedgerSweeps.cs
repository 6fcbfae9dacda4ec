using Microsoft.Extensions.Options;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What has to be looked for because no event brings it: entries of an older epoch of this node, validities that ended,
// receipts that wait for their outcome, messages whose parts are all final.
internal sealed class LedgerSweeps(
    QueueLedger queue,
    ReceiptLedger receipts,
    UnknownAttempts unknown,
    HostMetrics metrics,
    IOptions<FlowOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LedgerSweeps> logger) : LedgerLoop(options.Value.PollInterval, lifetime, time, logger)
{
    private const int MostPerPass = 2_000;

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        var adopted = await queue.AdoptAsync(MostPerPass, stopping).ConfigureAwait(false);
        var expired = await queue.ExpireAsync(MostPerPass, stopping).ConfigureAwait(false);
        metrics.Expired(expired);
        await receipts.SweepAsync(stopping).ConfigureAwait(false);
        await unknown.SettleAsync(stopping).ConfigureAwait(false);
        return !adopted.IsEmpty || expired >= MostPerPass;
    }
}
