using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Hints to other nodes, at most one of a kind per node and interval, and hints from them. They only make faster what polls find.
internal sealed partial class NodeHints(LedgerHints hints, TimeProvider time, ILogger<NodeHints> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private HashSet<(short Node, HintKind Kind)> _waiting = [];

    /// <summary>Raised for each hint that came in. Handlers must be quick and must not throw.</summary>
    public event Action<HintKind>? Told;

    /// <summary>Tells a node soon; never blocks. Node 0 = every node.</summary>
    public void Tell(short node, HintKind kind)
    {
        lock (_gate)
        {
            if (_waiting.Add((node, kind)) && _waiting.Count == 1)
            {
                _wake.Release();
            }
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(SendAsync(stoppingToken), ReceiveAsync(stoppingToken));

    private async Task SendAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stopping).ConfigureAwait(false);
                HashSet<(short Node, HintKind Kind)> some;
                lock (_gate)
                {
                    (some, _waiting) = (_waiting, []);
                }

                try
                {
                    await hints.TellAsync(some, stopping).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OutOfMemoryException && !stopping.IsCancellationRequested)
                {
                    NotTold(logger, error.Message);
                }

                await Task.Delay(Interval, time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var kind in hints.ListenAsync(stopping).ConfigureAwait(false))
            {
                Told?.Invoke(kind);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    [LoggerMessage(4601, LogLevel.Debug, "A hint could not be sent: {Reason}")]
    private static partial void NotTold(ILogger logger, string reason);

    // Next free id of the hints: 4602 (4600 to 4699).
}
