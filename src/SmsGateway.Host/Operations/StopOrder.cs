namespace SmsGateway.Host.Operations;

/// <summary>One step of a stop: what, how, and how long it may take before the next one begins all the same.</summary>
internal sealed record StopStep(string Name, TimeSpan Bound, Func<CancellationToken, Task> Run);

// The order in which a node stops, while its listeners still answer: nothing new comes in, what was taken is finished, then
// the binds end. The hosted loops, the listeners and at last the ledger's intakes stop after these steps.
internal sealed partial class StopOrder(IReadOnlyList<StopStep> steps, TimeProvider time, ILogger<StopOrder> logger) : IHostedLifecycleService
{
    public IReadOnlyList<StopStep> Steps => steps;

    /// <summary>Runs every step in order. A step that fails or takes too long is logged and does not keep the next ones from running.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            var start = time.GetTimestamp();
            using var bound = new CancellationTokenSource(step.Bound, time);
            try
            {
                await step.Run(bound.Token).WaitAsync(step.Bound, time, CancellationToken.None).ConfigureAwait(false);
                StepDone(logger, step.Name, (long)time.GetElapsedTime(start).TotalMilliseconds);
            }
            catch (Exception error) when (error is OperationCanceledException or TimeoutException)
            {
                StepLate(logger, step.Name, step.Bound);
            }
            catch (Exception error)
            {
                StepFailed(logger, step.Name, error);
            }
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(7201, LogLevel.Information, "Stop: {Step} done in {Milliseconds} ms")]
    private static partial void StepDone(ILogger logger, string step, long milliseconds);

    [LoggerMessage(7202, LogLevel.Warning, "Stop: {Step} was not done within {Bound}; going on")]
    private static partial void StepLate(ILogger logger, string step, TimeSpan bound);

    [LoggerMessage(7203, LogLevel.Error, "Stop: {Step} failed; going on")]
    private static partial void StepFailed(ILogger logger, string step, Exception error);

    // Next free id of the stop order: 7204 (7200 to 7299).
}
