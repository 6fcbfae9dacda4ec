namespace SmsGateway.Host.Operations;

/// <summary>One step of a stop: what, how, and how long it may take before the next one begins all the same.</summary>
internal sealed record StopStep(string Name, TimeSpan Bound, Func<CancellationToken, Task> Run)
{
    /// <summary>Only when the listeners and the hosted loops have stopped: nothing can come in any more.</summary>
    public bool AfterListeners { get; init; }
}

// The order in which a node stops. Most steps run while its listeners still answer; then the host stops the listeners and the hosted loops; then come
// the steps for which nothing may come in any more. The ledger's intakes end after all of them.
internal sealed partial class StopOrder(IReadOnlyList<StopStep> steps, TimeProvider time, ILogger<StopOrder> logger) : IHostedLifecycleService
{
    // What is left of each step's time when the host's is up (Node:StopTimeout): enough for what needs no waiting, such as giving back the lease.
    private static readonly TimeSpan Hurried = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<StopStep> Steps => steps;

    /// <summary>Runs every step in order. A step that fails or takes too long is logged and does not keep the next ones from running.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => RunAsync(afterListeners: false, cancellationToken);

    /// <summary>Runs the steps that come after the listeners, in the same way.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => RunAsync(afterListeners: true, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(bool afterListeners, CancellationToken timeUp)
    {
        foreach (var step in steps)
        {
            if (step.AfterListeners != afterListeners)
            {
                continue;
            }

            var start = time.GetTimestamp();
            using var bound = new CancellationTokenSource(step.Bound, time);
            using var hurry = timeUp.Register(() => bound.CancelAfter(step.Bound < Hurried ? step.Bound : Hurried));
            try
            {
                await step.Run(bound.Token).WaitAsync(bound.Token).ConfigureAwait(false);
                StepDone(logger, step.Name, (long)time.GetElapsedTime(start).TotalMilliseconds);
            }
            catch (Exception error) when (error is OperationCanceledException or TimeoutException)
            {
                StepLate(logger, step.Name, (long)time.GetElapsedTime(start).TotalMilliseconds);
            }
            catch (Exception error)
            {
                StepFailed(logger, step.Name, error);
            }
        }
    }

    [LoggerMessage(7201, LogLevel.Information, "Stop: {Step} done in {Milliseconds} ms")]
    private static partial void StepDone(ILogger logger, string step, long milliseconds);

    [LoggerMessage(7202, LogLevel.Warning, "Stop: {Step} was not done after {Milliseconds} ms; going on")]
    private static partial void StepLate(ILogger logger, string step, long milliseconds);

    [LoggerMessage(7203, LogLevel.Error, "Stop: {Step} failed; going on")]
    private static partial void StepFailed(ILogger logger, string step, Exception error);

    // Next free id of the stop order: 7204 (7200 to 7299).
}
