using Microsoft.Extensions.Options;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

internal static class CarrierRegistration
{
    /// <summary>The connectors to carriers. Needs configuration, Flow, the ledger and Operations.</summary>
    public static IServiceCollection AddCarriers(this IServiceCollection services)
    {
        services.AddCheckedOptions<CarrierOptions>(CarrierOptions.Section);
        return services
            .AddSingleton(provider => new SocketDrain(provider.GetRequiredService<IOptions<CarrierOptions>>().Value.TcpUserTimeout))
            .AddSingleton<LingeringBinds>()
            .AddSingleton<EpochRefused>(provider => provider.GetRequiredService<LeaseLoop>().Fenced)
            .AddSingleton<SendLedgers>()
            .AddSingleton<HasReceivingBind>(provider =>
            {
                var deliveries = provider.GetRequiredService<Deliveries>();
                return account => deliveries.LaneOf(account, Protocol.Smpp).Open;
            })
            .AddSingleton<MoAnswers>()
            .AddSingleton<ProofsUntold>(provider => provider.GetRequiredService<MoAnswers>().IsUntold)
            .AddHostedService<MoSweeps>()
            .AddSingleton<CarrierSurroundings>()
            .AddSingleton<CarrierConnectors>()
            .AddHostedService(provider => provider.GetRequiredService<CarrierConnectors>());
    }
}
