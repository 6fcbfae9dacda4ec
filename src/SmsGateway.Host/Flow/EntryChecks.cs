using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What a node looks at before it takes its first epoch, at its start or, where it started without the ledger, when that answers.
internal sealed class EntryChecks(LedgerConnections connections, LedgerHealth health, TimeProvider time)
{
    // A ledger that is frozen never answers; one that is slow may.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Before each later epoch: a machine that slept has lost its lease, and its clock has jumped over what its timers did not see.</summary>
    public Task CompareClockAsync(CancellationToken cancellationToken) => health.CheckAsync(cancellationToken);

    /// <exception cref="SchemaMismatchException">The message says what to do.</exception>
    /// <exception cref="ClockMismatchException">A node that emits like that would stamp every message wrongly.</exception>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await SchemaCheck.EnsureSuitsAsync(connections, either.Token).ConfigureAwait(false);
            var offset = (await health.CheckAsync(either.Token).ConfigureAwait(false)).ClockOffset;
            if (offset.Duration() > LedgerHealth.MostClockOffset)
            {
                throw new ClockMismatchException(
                    $"This machine's clock is {offset.TotalSeconds:0.0} s ahead of the ledger's; at most {LedgerHealth.MostClockOffset.TotalSeconds:0} s either way are allowed. Set the clock (NTP).");
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LedgerUnavailableException($"The ledger gave no answer for {Most.TotalSeconds:0} s.");
        }
    }
}
