using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>One thing that readiness depends on.</summary>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What is wrong and what to do; absent when nothing is.</param>
internal sealed record HealthCheckView(bool Ok, string? Detail = null);

/// <summary>Whether this node wants traffic, and why not.</summary>
internal sealed record HealthView(
    string Status, string Node, string Site, HealthCheckView Ledger, HealthCheckView Schema, HealthCheckView Clock, HealthCheckView Configuration,
    HealthCheckView Started, HealthCheckView Draining, HealthCheckView Lease, HealthCheckView Mode, HealthCheckView Drift, HealthCheckView Hold, bool LedgerOnOneMachine, long ConfigurationVersion)
{
    [JsonIgnore]
    public bool IsReady => Status == "ready";
}

// Asks what readiness depends on and keeps the answer a moment, so that however many probes there are, the ledger sees one.
internal sealed class HealthReport(
    LedgerHealth ledger,
    LedgerConnections connections,
    ConfigurationState configuration,
    Readiness readiness,
    Draining draining,
    NodeLease lease,
    LeaseLoop leaseLoop,
    StartedFrom startedFrom,
    NodeDirectory directory,
    ConfigurationDrift drift,
    Holding holding,
    HoldViews hold,
    IOptions<NodeOptions> node,
    IOptions<AdminOptions> options,
    TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private (HealthView View, long At)? _kept;

    public async Task<HealthView> ReadAsync(CancellationToken stopping)
    {
        await _oneAtATime.WaitAsync(stopping);
        try
        {
            if (_kept is { } kept && time.GetElapsedTime(kept.At) < options.Value.HealthCache)
            {
                return kept.View;
            }

            var view = await AskAsync(stopping);
            _kept = (view, time.GetTimestamp());
            return view;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<HealthView> AskAsync(CancellationToken stopping)
    {
        using var timeUp = new CancellationTokenSource(options.Value.HealthTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, stopping);
        var condition = await ConditionAsync(either.Token);
        var schema = condition.Reachable ? await SchemaAsync(either.Token) : new HealthCheckView(false, "not known while the ledger is away");
        var reachable = condition.Reachable ? new HealthCheckView(true) : new HealthCheckView(false, condition.Problem ?? "the ledger is out of reach");
        var clock = !condition.Reachable || condition.ClockOffset.Duration() <= LedgerHealth.MostClockOffset
            ? new HealthCheckView(true)
            : new HealthCheckView(false, $"this clock is {condition.ClockOffset.TotalSeconds:0.0} s ahead of the ledger's; at most {LedgerHealth.MostClockOffset.TotalSeconds:0} s are allowed");
        var snapshot = configuration.Current;
        var configured = snapshot.Version > 0
            ? new HealthCheckView(true)
            : new HealthCheckView(false, "no configuration yet: run SmsGateway.Host config apply FILE");
        var started = readiness.Started ? new HealthCheckView(true, startedFrom.Snapshot) : new HealthCheckView(false, "starting");
        var staying = draining.IsDraining ? new HealthCheckView(false, "this node is stopping") : new HealthCheckView(true);
        var leased = lease.IsValid ? new HealthCheckView(true) : new HealthCheckView(false, leaseLoop.Quarantine ?? "the lease is lost; nothing is emitted until a new epoch is taken");
        var mode = directory.Mode;
        var hot = mode == NodeMode.Hot ? new HealthCheckView(true) : new HealthCheckView(false, $"the mode in effect is {mode.Word()}{Whose(mode)}");
        var following = drift.Reason is { } reason ? new HealthCheckView(false, reason) : new HealthCheckView(true);
        var held = hold.Sentence() is { } sentence ? new HealthCheckView(false, sentence) : new HealthCheckView(true);

        // On hold customers are served all the same, until the journal is full; that the ledger is away is a degradation, and stated.
        var isAway = holding.IsOn || !reachable.Ok;
        var served = isAway ? holding.WhyNot is null : schema.Ok && clock.Ok && leased.Ok && following.Ok;

        // In quarantine it could hold as well; but that ends when an operator ends it, and not by itself.
        var ready = leaseLoop.Quarantine is null && served && configured.Ok && started.Ok && staying.Ok && hot.Ok;
        return new HealthView(
            ready ? "ready" : "not_ready", node.Value.Name, node.Value.Site, reachable, schema, clock, configured, started, staying, leased, hot,
            following, held, condition.Reachable && condition.OnOneMachine, snapshot.Version);
    }

    // Which of the two an operator has to change.
    private string Whose(NodeMode mode) => directory.Self is { } self
        ? (self.Mode == mode, self.SiteMode == mode) switch
        {
            (true, true) => ", of the node and of its site",
            (true, false) => ", of the node",
            _ => ", of its site",
        }
        : "";

    private async Task<LedgerCondition> ConditionAsync(CancellationToken stopping)
    {
        try
        {
            return await ledger.CheckAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return new LedgerCondition(false, false, TimeSpan.Zero, $"no answer within {options.Value.HealthTimeout.TotalSeconds:0} s");
        }
    }

    private async Task<HealthCheckView> SchemaAsync(CancellationToken stopping)
    {
        try
        {
            await SchemaCheck.EnsureSuitsAsync(connections, stopping);
            return new HealthCheckView(true);
        }
        catch (SchemaMismatchException e)
        {
            return new HealthCheckView(false, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or LedgerUnavailableException or System.Data.Common.DbException)
        {
            return new HealthCheckView(false, "the schema could not be read");
        }
    }
}
