using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Esme;

internal static class EsmeRegistration
{
    /// <summary>The SMPP server towards customers. Kestrel's listener uses <see cref="EsmeConnectionHandler"/>; the stop order calls
    /// <see cref="EsmeServer"/>. Needs Flow, configuration, credentials and operations.</summary>
    public static IServiceCollection AddEsme(this IServiceCollection services) => services
        .AddSingleton(FlowOf)
        .AddSingleton<EsmeServer>()
        .AddSingleton<EsmeConnectionHandler>();

    private static EsmeFlow FlowOf(IServiceProvider services)
    {
        var deliveries = services.GetRequiredService<Deliveries>();
        var stance = services.GetRequiredService<NodeStance>();
        return new EsmeFlow
        {
            Node = services.GetRequiredService<NodeIdentity>().Name,
            Submit = services.GetRequiredService<Acceptance>().SubmitAsync,
            LaneOf = account => deliveries.LaneOf(account, Protocol.Smpp),
            Acknowledge = deliveries.Acknowledge,
            Retry = deliveries.Retry,
            Return = deliveries.Return,
            Park = deliveries.Park,
            Accepts = () => stance.Accepts,
            Word = () => stance.Word,
            Follow = changed => stance.Changed += changed,
        };
    }
}
