using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Hold;

internal static class HoldRegistration
{
    /// <summary>The journal of this node, and the loop that plays it.</summary>
    public static IServiceCollection AddHold(this IServiceCollection services)
    {
        services.AddCheckedOptions<HoldOptions>(HoldOptions.Section);
        return services
            .AddSingleton<HoldFigures>()
            .AddSingleton<Holding>()
            .AddSingleton<Playback>()
            .AddSingleton<Backfill>()
            .AddHostedService(provider => provider.GetRequiredService<Backfill>());
    }
}
