using SmsGateway.Host.Flow;

namespace SmsGateway.Host.Carriers;

// Fetches this node's part of a contract's rate from the ledger: at once when tokens are missed after a quiet time, and again
// after each interval as long as there is demand; then it gives its share up. No answer is no grant, and then there is nothing
// to send either: attempts need the same ledger.
internal sealed partial class RateAsker : IDisposable
{
    /// <summary>The shortest time between two questions.</summary>
    public static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(50);

    private readonly string _connector;
    private readonly Func<(int Want, bool AskAgain)> _wanted;
    private readonly Func<int, CancellationToken, Task<int>> _ask;
    private readonly Action<int> _granted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeSignal _wake = new();
    private readonly ITimer _timer;
    private int _told;
    private bool _failing;

    /// <param name="connector">Whose contract; for the log.</param>
    /// <param name="wanted">How many could be sent within the next half second, and whether to ask again after the interval.</param>
    /// <param name="ask">Asks the ledger for so many; answers how many may be sent. 0 gives the share up.</param>
    /// <param name="granted">Takes what was granted, 0 too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    public RateAsker(
        string connector,
        Func<(int Want, bool AskAgain)> wanted,
        Func<int, CancellationToken, Task<int>> ask,
        Action<int> granted,
        TimeProvider time,
        ILogger logger)
    {
        (_connector, _wanted, _ask, _granted, _time, _logger) = (connector, wanted, ask, granted, time, logger);
        _timer = time.CreateTimer(_ => _wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tokens are missed.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Asks until the token is cancelled. Its owner is the connector.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stopping).ConfigureAwait(false);
                var (want, askAgain) = _wanted();
                _timer.Change(askAgain ? GrantedRate.AskInterval : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                if (want > 0 || _told > 0 || !askAgain)
                {
                    // A wish that has ended is told at once: else the ledger keeps its share from the other nodes for two seconds.
                    _told = want;
                    _granted(await AskAsync(want, stopping).ConfigureAwait(false));
                }

                await Task.Delay(ShortestGap, _time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task<int> AskAsync(int want, CancellationToken stopping)
    {
        try
        {
            var granted = await _ask(want, stopping).ConfigureAwait(false);
            _failing = false;
            return granted;
        }
        catch (Exception error) when (error is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            if (!_failing)
            {
                _failing = true;
                NotAnswered(_logger, _connector, error.Message);
            }

            return 0;
        }
    }

    [LoggerMessage(3701, LogLevel.Warning, "Connector {Connector}: the ledger grants nothing of the contract's rate (said once per outage): {Reason}")]
    private static partial void NotAnswered(ILogger logger, string connector, string reason);

    // Next free id of RateAsker: 3702.
}
