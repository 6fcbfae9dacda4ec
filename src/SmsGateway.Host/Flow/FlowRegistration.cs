using System.Globalization;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

internal static class FlowRegistration
{
    /// <summary>Everything between the edges and the ledger: acceptance, lanes, deliveries, and the loops that ask the ledger.</summary>
    public static IServiceCollection AddFlow(this IServiceCollection services)
    {
        services.AddCheckedOptions<FlowOptions>(FlowOptions.Section).PostConfigure<IOptions<LedgerOptions>>(
            static (flow, ledger) => flow.LongestValidity = TimeSpan.FromTicks(Math.Min(flow.LongestValidity.Ticks, ledger.Value.Retention.Ticks)));
        services.AddSingleton(new OptionsRule(LongestValidity));
        services.AddMemory().AddJourneys().AddLoops();
        return services;
    }

    // A key that is forgotten before its message is over would let the message in a second time.
    private static string? LongestValidity(IConfiguration configuration)
    {
        var said = configuration[$"{FlowOptions.Section}:{nameof(FlowOptions.LongestValidity)}"];
        var retention = configuration[$"{LedgerOptions.Section}:{nameof(LedgerOptions.Retention)}"] is not { } set ? new LedgerOptions().Retention
            : TimeSpan.TryParse(set, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : TimeSpan.MaxValue; // said of that option already
        return TimeSpan.TryParse(said, CultureInfo.InvariantCulture, out var longest) && longest > retention
            ? $"Flow:LongestValidity: must not be longer than Ledger:Retention ({retention}), else a key may be forgotten while its message is still on its way (is \"{said}\")"
            : null;
    }

    private static IServiceCollection AddMemory(this IServiceCollection services) => services
        .AddSingleton<ConnectorLinks>()
        .AddSingleton<QueueDepths>()
        .AddSingleton<SegmentsInMemory>()
        .AddSingleton<DeliveriesInMemory>()
        .AddSingleton<AccountRates>()
        .AddSingleton<ConcatPins>()
        .AddSingleton<UnknownAttempts>()
        .AddSingleton<UntoldEnds>()
        .AddSingleton<Draining>()
        .AddSingleton<NodeDirectory>()
        .AddSingleton<EntryChecks>()
        .AddSingleton<StartedFrom>()
        .AddSingleton<NodeStance>()
        .AddSingleton<HandOverQueue>()
        .AddSingleton(SocketDrain.Default) // until Carriers says
        .AddSingleton<LingeringBinds>()
        .AddSingleton<OpenDoubts>()
        .AddSingleton<LocalReach>();

    private static IServiceCollection AddJourneys(this IServiceCollection services) => services
        .AddSingleton<Dispatcher>()
        .AddSingleton<Acceptance>()
        .AddSingleton<Submit>(provider => provider.GetRequiredService<Acceptance>().SubmitAsync)
        .AddSingleton<Deliveries>()
        .AddSingleton<DeliveryEnds>()
        .AddHostedService(provider => provider.GetRequiredService<DeliveryEnds>());

    private static IServiceCollection AddLoops(this IServiceCollection services) => services
        .AddSingleton<NodeHints>()
        .AddHostedService(provider => provider.GetRequiredService<NodeHints>())
        .AddSingleton<LeaseLoop>()
        .AddHostedService(provider => provider.GetRequiredService<LeaseLoop>())
        .AddSingleton<HandOvers>()
        .AddHostedService(provider => provider.GetRequiredService<HandOvers>())
        .AddSingleton<QueuePump>()
        .AddHostedService(provider => provider.GetRequiredService<QueuePump>())
        .AddSingleton<OutboxPump>()
        .AddHostedService(provider => provider.GetRequiredService<OutboxPump>())
        .AddHostedService<LedgerSweeps>()
        .AddSingleton<FactsUntold>(provider =>
        {
            // The answer to a doubt may lie in the journal.
            var backfill = provider.GetRequiredService<Backfill>();
            return () => !backfill.IsDone;
        })
        .AddHostedService<DoubtSweeps>()
        .AddHostedService<ClockWatch>()
        .AddHostedService<LedgerUpkeep>();
}
