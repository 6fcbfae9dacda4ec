using System.Diagnostics.Metrics;
using System.Text.Json;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// The connectors of this node as the configuration wants them: starts, stops and starts anew what changed. The stop order
// calls its three steps; a host that stops without them gets them here, with the same bounds.
internal sealed partial class CarrierConnectors : BackgroundService
{
    private readonly CarrierSurroundings _around;
    private readonly NodeIdentity _node;
    private readonly CarrierDialer _dialer;
    private readonly ILogger<CarrierConnectors> _logger;
    private readonly WakeSignal _changed = new();
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private ConfigurationSnapshot? _wanted;
    private volatile CarrierConnector[] _connectors = [];
    private bool _stopping;

    public CarrierConnectors(CarrierSurroundings around, NodeIdentity node, ILogger<CarrierConnectors> logger)
    {
        (_around, _node, _logger) = (around, node, logger);
        _dialer = new CarrierDialer(around.Time, around.Loggers);
        around.Metrics.Observe(
            "smsgateway.connector.uncommitted", "Carriers' answers that wait for their commit", () => Measured(status => status.Uncommitted));
        around.Metrics.Observe(
            "smsgateway.connector.circuit_open", "1 while a connector pauses after system errors or silence", () => Measured(status => status.CircuitOpen ? 1 : 0));
    }

    /// <summary>Every connector that runs, by name; read without waiting for a change that is under way.</summary>
    public IReadOnlyList<CarrierStatus> Statuses => Array.ConvertAll(_connectors, connector => connector.Status);

    /// <summary>First step of a stop: nothing more is taken from the lanes, and the configuration is followed no longer.</summary>
    public Task StopSendingAsync() => EachAsync(connector => connector.StopSendingAsync());

    /// <summary>Second step: waits until every submit is answered and its outcome committed, or the time is up.</summary>
    public Task DrainAsync(TimeSpan timeout) => EachAsync(connector => connector.DrainAsync(timeout));

    /// <summary>Third step: unbinds.</summary>
    public async Task UnbindAllAsync(TimeSpan timeout)
    {
        await EachAsync(connector => connector.UnbindAsync(timeout)).ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        foreach (var running in _running.Values)
        {
            running.Connector.Dispose();
        }

        _running.Clear();
        _connectors = [];
        _turn.Release();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await StopSendingAsync().ConfigureAwait(false);
        await DrainAsync(_around.Options.RestartTimeout).ConfigureAwait(false);
        await UnbindAllAsync(_around.Options.RestartTimeout).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _dialer.Dispose();
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var following = _around.Configuration.Follow(snapshot =>
        {
            Volatile.Write(ref _wanted, snapshot);
            _changed.Set();
        });
        _around.Stance.Changed += _changed.Set;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken).ConfigureAwait(false);
                await ReconcileAsync(Volatile.Read(ref _wanted)!).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            _around.Stance.Changed -= _changed.Set;
        }
    }

    private async Task ReconcileAsync(ConfigurationSnapshot snapshot)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_stopping)
            {
                return;
            }

            // In mode down no connector runs: each takes nothing more, awaits its carrier's answers and unbinds.
            var isDown = _around.Stance.Mode == NodeMode.Down;
            var wanted = snapshot.Carriers.Values.Where(carrier => !isDown && carrier.ConnectsFrom(_node.Site, _node.Name)).ToDictionary(carrier => carrier.Name, Printed);
            var over = _running.Values.Where(running => wanted.GetValueOrDefault(running.Connector.Name) != running.Settings).ToList();
            await Task.WhenAll(over.Select(running => EndAsync(running.Connector))).ConfigureAwait(false);
            foreach (var running in over)
            {
                _running.Remove(running.Connector.Name);
            }

            var begun = new List<CarrierConnector>();
            foreach (var (name, settings) in wanted)
            {
                if (!_running.ContainsKey(name))
                {
                    var connector = new CarrierConnector(snapshot.Carriers[name], _around, _dialer, _node.Name);
                    _running.Add(name, new Running(connector, settings));
                    begun.Add(connector);
                }
            }

            // Shown before they start: one that is live is among those shown.
            _connectors = [.. _running.Values.Select(running => running.Connector).OrderBy(connector => connector.Name, StringComparer.Ordinal)];
            begun.ForEach(connector => connector.Start());
        }
        finally
        {
            _turn.Release();
        }
    }

    // A connector that fails to end in order must not keep the others from following the configuration.
    private async Task EndAsync(CarrierConnector connector)
    {
        try
        {
            await connector.StopSendingAsync().ConfigureAwait(false);
            await connector.DrainAsync(_around.Options.RestartTimeout).ConfigureAwait(false);
            await connector.UnbindAsync(_around.Options.RestartTimeout).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            EndFailed(_logger, connector.Name, error);
        }

        connector.Dispose();
    }

    private async Task EachAsync(Func<CarrierConnector, Task> step)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _stopping = true;
            await Task.WhenAll(_running.Values.Select(running => step(running.Connector))).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Measurement<long>[] Measured(Func<CarrierStatus, long> figure) => Array.ConvertAll(
        _connectors, connector => new Measurement<long>(figure(connector.Status), new KeyValuePair<string, object?>("connector", connector.Name)));

    // Settings hold lists, which records compare by reference. No bind is made anew for what becomes of doubts.
    private static string Printed(CarrierSettings settings) => JsonSerializer.Serialize(settings with { Doubt = null });

    private sealed record Running(CarrierConnector Connector, string Settings);

    [LoggerMessage(3601, LogLevel.Error, "Connector {Connector} did not end in order")]
    private static partial void EndFailed(ILogger logger, string connector, Exception error);

    // Ranges in Carriers: 3001 BindKeeper, 3101 CarrierBind, 3201 OutcomeWriter, 3301 CarrierInbound, 3401 SubmitSender,
    // 3501 CarrierConnector, 3601 here, 3701 RateAsker, 3801 BindSlots. Next free id here: 3602.
}
