using System.Threading.Channels;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Keeps this node's lease: renews it, reads the directory each second, takes over nodes that are dead, and takes a new epoch
// when the old one is lost. Started before everything that emits; ended by LeaveAsync, the last step of a stop.
internal sealed partial class LeaseLoop : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // News of our reach are told at once, but a thousand binds that come up are not a thousand renewals.
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(100);

    private readonly NodeLedger _nodes;
    private readonly NodeLease _lease;
    private readonly NodeWatch _watch;
    private readonly NodeDirectory _directory;
    private readonly LocalReach _reach;
    private readonly NodeHints _hints;
    private readonly NodeStance _stance;
    private readonly EntryChecks _checks;
    private readonly StartedFrom _started;
    private readonly ConfigurationState _configuration;
    private readonly Holding _holding;
    private readonly HostMetrics _metrics;
    private readonly LedgerOptions _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _onePass = new(1);

    // Holds one poke; full means that a pass is due anyway.
    private readonly Channel<bool> _poked = Channel.CreateBounded<bool>(1);
    private NodeReach? _told;
    private long _renewedAt;
    private volatile TaskCompletionSource _nextEpoch = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isInQuestion;
    private volatile bool _hasLeft;
    private volatile string? _quarantine;
    private bool _failing;
    private long _lostEpoch;

    public LeaseLoop(
        NodeLedger nodes,
        NodeLease lease,
        NodeWatch watch,
        NodeDirectory directory,
        LocalReach reach,
        NodeHints hints,
        NodeStance stance,
        EntryChecks checks,
        StartedFrom started,
        ConfigurationState configuration,
        Holding holding,
        HostMetrics metrics,
        LedgerOptions options,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<LeaseLoop> logger)
    {
        (_nodes, _lease, _watch, _directory, _reach, _hints, _stance) = (nodes, lease, watch, directory, reach, hints, stance);
        (_checks, _started, _holding) = (checks, started, holding);
        (_configuration, _metrics, _options, _lifetime, _time, _logger) = (configuration, metrics, options, lifetime, time, logger);
        _renewedAt = time.GetTimestamp();
        hints.Told += OnTold;
        reach.Changed += Poke;
    }

    /// <summary>Raised after a new epoch was taken: what memory holds of the one before belongs to whoever sweeps it.</summary>
    public event Action? EpochTaken;

    /// <summary>Why the ledger gives nobody an epoch and what to do; null while it does.</summary>
    public string? Quarantine => _quarantine;

    /// <summary>A transaction was refused because of its epoch: the ledger is asked at once whether the lease still stands, and a new epoch is taken if not.</summary>
    public void Fenced()
    {
        _isInQuestion = true;
        Poke();
    }

    /// <summary>Waits until a newer epoch than this one is held.</summary>
    /// <returns>False when there was none in time, or the node has left.</returns>
    public async Task<bool> NewerEpochAsync(long than, TimeSpan most)
    {
        var start = _time.GetTimestamp();
        while (!_hasLeft)
        {
            var next = _nextEpoch.Task; // before the look, else one that comes in between is missed
            if (_lease.IsValid && _lease.Epoch > than)
            {
                return true;
            }

            try
            {
                var left = most - _time.GetElapsedTime(start);
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Hands what this node still owns to whoever sweeps it. Nothing is emitted or renewed afterwards.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _onePass.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_hasLeft)
            {
                _hasLeft = true;
                _nextEpoch.TrySetResult();
                if (_lease.Epoch == 0)
                {
                    return; // it never had anything to give up
                }

                await _nodes.LeaveAsync(cancellationToken).ConfigureAwait(false);
                _hints.Tell(0, HintKind.Directory);
            }
        }
        finally
        {
            _onePass.Release();
        }
    }

    /// <summary>One pass: renew when it is time, read, judge.</summary>
    internal async Task PassAsync(CancellationToken stopping)
    {
        await _onePass.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            if (!_hasLeft)
            {
                await RenewAndReadAsync(stopping).ConfigureAwait(false);
                (_failing, _quarantine) = (false, null);
            }
        }
        finally
        {
            _onePass.Release();
        }
    }

    public override void Dispose()
    {
        _hints.Told -= OnTold;
        _reach.Changed -= Poke;
        _onePass.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = _time.CreateTimer(_ => Poke(), null, Look, Look);
        try
        {
            while (true)
            {
                await GuardedAsync(stoppingToken).ConfigureAwait(false);
                await _poked.Reader.ReadAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(ShortestGap, _time, stoppingToken).ConfigureAwait(false);
                _poked.Reader.TryRead(out _);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    private void OnTold(HintKind kind)
    {
        if (kind is HintKind.Directory or HintKind.All)
        {
            Poke();
        }
    }

    private void Poke() => _poked.Writer.TryWrite(true);

    private async Task GuardedAsync(CancellationToken stopping)
    {
        try
        {
            await PassAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception error) when (error is NodeNameTakenException or SchemaMismatchException)
        {
            NameTaken(_logger, error.Message);
            _lifetime.StopApplication();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (error is LedgerUnavailableException)
            {
                _holding.LedgerIsAway(error.Message);
            }

            if (error is QuarantinedException)
            {
                if (_quarantine is null)
                {
                    InQuarantine(_logger, error.Message);
                }

                (_failing, _quarantine) = (true, error.Message);
            }

            if (!_failing)
            {
                PassFailed(_logger, error.Message);
                _failing = true;
            }
        }
        finally
        {
            _stance.Look();
        }
    }

    private async Task RenewAndReadAsync(CancellationToken stopping)
    {
        if (!_lease.IsValid)
        {
            await TakeEpochAsync(stopping).ConfigureAwait(false);
        }

        var reach = _reach.Read(_directory.Mode);
        var isNews = !LocalReach.Same(reach, _told);
        if (!isNews && !_isInQuestion && _time.GetElapsedTime(_renewedAt) + (Look / 2) < _options.LeaseRenewEvery)
        {
            var (nodes, latest) = await _nodes.DirectoryAsync(stopping).ConfigureAwait(false);
            await JudgeAsync(nodes, latest, stopping).ConfigureAwait(false);
            return;
        }

        var began = _time.GetTimestamp();
        var configuration = _configuration.Current;
        var report = new NodeReport(isNews ? reach : null, configuration.Version > 0 ? configuration.Version : null, configuration.Version > 0 ? configuration.Hash : null,
            _holding.Journal?.Held ?? 0);
        _isInQuestion = false;
        var renewal = await _nodes.RenewAsync(report, stopping).ConfigureAwait(false);
        _holding.LedgerAnswers(); // a commit, and not only a read: a ledger whose standby is gone answers those
        if (!renewal.Renewed)
        {
            Poke();
        }
        else
        {
            _renewedAt = began;
            _told = reach;
            if (isNews)
            {
                _hints.Tell(0, HintKind.Directory);
            }
        }

        await JudgeAsync(renewal.Nodes, renewal.LatestConfiguration, stopping).ConfigureAwait(false);
    }

    private async Task TakeEpochAsync(CancellationToken stopping)
    {
        if (_lostEpoch != _lease.Epoch)
        {
            _lostEpoch = _lease.Epoch; // once per epoch, however long no new one is to be had
            LeaseLost(_logger, _lease.Epoch, _lease.Age ?? TimeSpan.Zero);
        }

        // Started without the ledger: what a start with it looks at comes now.
        if (_lease.Epoch == 0)
        {
            await _checks.RunAsync(stopping).ConfigureAwait(false);
        }
        else
        {
            await _checks.CompareClockAsync(stopping).ConfigureAwait(false);
        }

        var epoch = await _nodes.RegisterAsync(NodeStart.Version, stopping).ConfigureAwait(false);
        _told = null;
        _started.Snapshot = null;
        EpochTakenAnew(_logger, epoch.Epoch);
        EpochTaken?.Invoke();
        Interlocked.Exchange(ref _nextEpoch, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task JudgeAsync(IReadOnlyList<NodeStanding> nodes, long? latest, CancellationToken stopping)
    {
        var unchanged = _watch.Observe(nodes);
        _directory.Take(nodes, node => unchanged.TryGetValue(node.Id, out var silence) && silence >= _options.LeaseValidFor, latest);
        if (!_lease.IsValid)
        {
            return;
        }

        foreach (var node in nodes)
        {
            if (node.Live && node.Id != _directory.Self?.Id && unchanged.TryGetValue(node.Id, out var silence) && _watch.IsDead(silence) &&
                await _nodes.TakeOverAsync(node, stopping).ConfigureAwait(false))
            {
                _metrics.TookOver();
                TakenOver(_logger, node.Name, node.Epoch, silence);
                _hints.Tell(0, HintKind.Directory);
                Poke();
            }
        }
    }

    [LoggerMessage(4501, LogLevel.Warning, "The lease of epoch {Epoch} is lost ({Age} since the last renewal was sent): nothing is emitted until a new epoch is taken")]
    private static partial void LeaseLost(ILogger logger, long epoch, TimeSpan age);

    [LoggerMessage(4502, LogLevel.Information, "Epoch {Epoch} is taken; emitting goes on")]
    private static partial void EpochTakenAnew(ILogger logger, long epoch);

    [LoggerMessage(4503, LogLevel.Warning, "Node {Node} is dead: its lease of epoch {Epoch} was silent for {Silence}; what it owns is taken over")]
    private static partial void TakenOver(ILogger logger, string node, long epoch, TimeSpan silence);

    [LoggerMessage(4504, LogLevel.Warning, "The lease was not renewed; tried again each second (said once per outage): {Reason}")]
    private static partial void PassFailed(ILogger logger, string reason);

    [LoggerMessage(4505, LogLevel.Critical, "This node stops: {Reason}")]
    private static partial void NameTaken(ILogger logger, string reason);

    [LoggerMessage(4804, LogLevel.Critical, "No epoch, so nothing is emitted; tried again each second: {Reason}")]
    private static partial void InQuarantine(ILogger logger, string reason);

    // Next free id of the lease: 4506 (4500 to 4599).
}
