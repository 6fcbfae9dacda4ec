using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The shape of everything that asks the ledger again and again: one pass at a time, a pass that fails is logged once per
// outage and tried again after the interval, a fenced one makes the lease be looked at. The owner is the host.
internal abstract partial class LedgerLoop(TimeSpan interval, LeaseLoop lease, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly WakeSignal _woken = new();
    private bool _failing;

    /// <summary>Makes the next pass begin now. Several calls before it begins are one. Any thread.</summary>
    public void Wake() => _woken.Set();

    /// <summary>One pass.</summary>
    /// <returns>True when there is more to do at once.</returns>
    protected abstract Task<bool> PassAsync(CancellationToken stopping);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(_ => Wake(), null, interval, interval);
        try
        {
            while (true)
            {
                while (await GuardedAsync(stoppingToken).ConfigureAwait(false) && !stoppingToken.IsCancellationRequested)
                {
                }

                await _woken.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    private async Task<bool> GuardedAsync(CancellationToken stopping)
    {
        try
        {
            var more = await PassAsync(stopping).ConfigureAwait(false);
            _failing = false;
            return more;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (FencedException)
        {
            lease.Fenced();
            return false;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!_failing)
            {
                PassFailed(logger, GetType().Name, error);
                _failing = true;
            }

            return false;
        }
    }

    [LoggerMessage(4102, LogLevel.Warning, "A pass of {Loop} failed; it goes on with the next one (said once per outage)")]
    private static partial void PassFailed(ILogger logger, string loop, Exception error);

    // Next free id in Flow: 4104 (4103 is QueuePump's).
}
