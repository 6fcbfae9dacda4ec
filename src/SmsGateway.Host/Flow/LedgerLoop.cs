using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The shape of everything that asks the ledger again and again: one pass at a time, a pass that fails is logged once per
// outage and tried again after the interval, a fenced node stops its process. The owner is the host.
internal abstract partial class LedgerLoop(TimeSpan interval, IHostApplicationLifetime lifetime, TimeProvider time, ILogger logger) : BackgroundService
{
    private bool _failing;

    /// <summary>One pass.</summary>
    /// <returns>True when there is more to do at once.</returns>
    protected abstract Task<bool> PassAsync(CancellationToken stopping);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                while (await GuardedAsync(stoppingToken).ConfigureAwait(false) && !stoppingToken.IsCancellationRequested)
                {
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
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
        catch (FencedException error)
        {
            Fenced(logger, error.Message);
            lifetime.StopApplication();
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

    [LoggerMessage(4101, LogLevel.Critical, "This node's epoch was taken over; it emits nothing more and stops: {Reason}")]
    private static partial void Fenced(ILogger logger, string reason);

    [LoggerMessage(4102, LogLevel.Warning, "A pass of {Loop} failed; it goes on with the next one (said once per outage)")]
    private static partial void PassFailed(ILogger logger, string loop, Exception error);

    // Next free id in Flow: 4103.
}
