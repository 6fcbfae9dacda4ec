using System.Threading.Channels;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Callbacks;

// Runs one CallbackLane for each account that has, or since the start had, a callback URL. A lane whose account lost its URL stays and sends
// back what it still gets, so that nothing is forgotten half way; there are never more lanes than accounts there were.
internal sealed class CallbackPusher(
    ConfigurationState configuration,
    CallbackReports reports,
    CallbackIntake intake,
    CallbackTargets targets,
    CallbackLimits limits,
    TimeProvider time,
    ILogger<CallbackLane> logger) : BackgroundService
{
    // Holds at most one hint; full means that a look is due anyway.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(1);
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Takes nothing new, then waits for the requests under way until the token says that time is up.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var timeUp = cancellationToken.Register(_abort.Cancel);
        await base.StopAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        base.Dispose();
        _abort.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lanes = new Dictionary<string, Task>(StringComparer.Ordinal);
        using var following = configuration.Follow(_ => _changed.Writer.TryWrite(true));
        try
        {
            while (await _changed.Reader.WaitToReadAsync(stoppingToken))
            {
                _changed.Reader.TryRead(out _);
                Reconcile(lanes, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        await Task.WhenAll(lanes.Values);
    }

    private void Reconcile(Dictionary<string, Task> lanes, CancellationToken stopping)
    {
        var accounts = configuration.Current.Accounts;
        foreach (var name in lanes.Keys)
        {
            if (!accounts.TryGetValue(name, out var settings) || settings.CallbackUrl is null)
            {
                intake.SetOpen(name, false);
            }
        }

        foreach (var (name, settings) in accounts)
        {
            if (settings.CallbackUrl is null)
            {
                continue;
            }

            if (!lanes.ContainsKey(name))
            {
                var lane = new CallbackLane(name, intake.LaneOf(name), intake.Keeps, reports, targets, limits, time, logger);
                lanes.Add(name, lane.RunAsync(stopping, _abort.Token));
            }

            intake.SetOpen(name, true);
        }
    }
}
