using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SmsGateway.Ledger;

/// <summary>Registers the ledger's classes.</summary>
public static class LedgerRegistration
{
    /// <summary>
    /// Adds every ledger class as a singleton, with <see cref="LedgerOptions"/> bound to its section and validated at start.
    /// Needs <see cref="TimeProvider"/> and logging. The container disposes them: stop the edges first.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, string nodeName, string site)
    {
        services.AddOptions<LedgerOptions>().BindConfiguration(LedgerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LedgerOptions>>().Value);
        services.AddSingleton(new NodeIdentity(nodeName, site));
        services.AddSingleton<DeliveryFeed>();
        services.AddSingleton<LedgerGate>();
        services.AddSingleton<LedgerConnections>();
        services.AddSingleton(provider =>
        {
            var core = LedgerCore.Create(
                provider.GetRequiredService<LedgerOptions>(),
                provider.GetRequiredService<LedgerConnections>(),
                provider.GetRequiredService<NodeIdentity>(),
                provider.GetRequiredService<DeliveryFeed>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>());
            return core with { Gate = provider.GetRequiredService<LedgerGate>() };
        });
        services.AddSingleton(provider => new ReceiptJoins(Core(provider)));
        services.AddSingleton(provider => new ClaimLedger(Core(provider)));
        services.AddSingleton(provider => new AttemptLedger(Core(provider)));
        services.AddSingleton(provider => new OutcomeLedger(Core(provider), provider.GetRequiredService<ReceiptJoins>()));
        services.AddSingleton(provider => new QueueLedger(Core(provider), provider.GetRequiredService<ReceiptJoins>()));
        services.AddSingleton(provider => new DoubtLedger(Core(provider), provider.GetRequiredService<ReceiptJoins>()));
        services.AddSingleton(provider => new ParkedLedger(Core(provider)));
        services.AddSingleton(provider => new ReceiptLedger(Core(provider), provider.GetRequiredService<ReceiptJoins>()));
        services.AddSingleton(provider => new MoLedger(Core(provider)));
        services.AddSingleton(provider => new MoRepeats(Core(provider)));
        services.AddSingleton(provider => new OutboxLedger(Core(provider)));
        services.AddSingleton<NodeLease>();
        services.AddSingleton(provider => new NodeLedger(Core(provider), provider.GetRequiredService<NodeLease>()));
        services.AddSingleton<NodeWatch>();
        services.AddSingleton(provider => new ModeLedger(Core(provider)));
        services.AddSingleton(provider => new RestoreLedger(Core(provider)));
        services.AddSingleton(provider => new RateLedger(Core(provider)));
        services.AddSingleton(provider => new BindSlotLedger(Core(provider)));
        services.AddSingleton(provider => new LedgerHints(Core(provider)));
        services.AddSingleton(provider => new ConfigurationStore(Core(provider)));
        services.AddSingleton(provider => new PartitionCalendar(Core(provider)));
        services.AddSingleton(provider => new MessageQueries(Core(provider)));
        services.AddSingleton(provider => new LedgerHealth(Core(provider)));
        return services;
    }

    private static LedgerCore Core(IServiceProvider provider) => provider.GetRequiredService<LedgerCore>();
}
