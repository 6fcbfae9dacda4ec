using Microsoft.Extensions.Options;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Callbacks;

internal static class CallbacksRegistration
{
    /// <summary>Pushes receipts and MOs to the callback URLs of accounts, from the HTTP lanes of <see cref="Deliveries"/>.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddCheckedOptions<CallbackOptions>(CallbackOptions.Section);
        return services
            .AddSingleton(Intake)
            .AddSingleton(Reports)
            .AddSingleton(Limits)
            .AddSingleton<CallbackTargets>()
            .AddSingleton<CallbackPusher>()
            .AddHostedService(static provider => provider.GetRequiredService<CallbackPusher>());
    }

    private static CallbackIntake Intake(IServiceProvider provider)
    {
        var deliveries = provider.GetRequiredService<Deliveries>();
        return new CallbackIntake(
            account => deliveries.LaneOf(account, Protocol.Http).Reader,
            (account, open) => deliveries.LaneOf(account, Protocol.Http).Open = open,
            delivery => deliveries.LaneOf(delivery.Account, Protocol.Http).Keeps(delivery));
    }

    private static CallbackReports Reports(IServiceProvider provider)
    {
        var deliveries = provider.GetRequiredService<Deliveries>();
        return new CallbackReports(deliveries.Acknowledge, deliveries.Retry, deliveries.Park);
    }

    private static CallbackLimits Limits(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<CallbackOptions>>().Value;
        var giveUpAfter = provider.GetRequiredService<IOptions<FlowOptions>>().Value.DeliveryRetention;
        return new CallbackLimits(
            new RetrySchedule(options, giveUpAfter, Random.Shared.NextDouble),
            new SharedSlots(options.SharedConcurrency),
            options.ConcurrencyPerAccount);
    }
}
