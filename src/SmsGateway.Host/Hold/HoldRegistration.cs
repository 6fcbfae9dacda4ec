using Microsoft.Extensions.Options;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

internal static class HoldRegistration
{
    /// <summary>The journal of this node, and the loop that plays it.</summary>
    public static IServiceCollection AddHold(this IServiceCollection services)
    {
        services.AddCheckedOptions<HoldOptions>(HoldOptions.Section).PostConfigure<IOptions<LedgerOptions>>(
            static (hold, ledger) => hold.MaxAge = TimeSpan.FromTicks(Math.Min(hold.MaxAge.Ticks, ledger.Value.OldestPlayed().Ticks)));
        return services
            .AddSingleton<HoldFigures>()
            .AddSingleton<Holding>()
            .AddSingleton<Playback>()
            .AddSingleton<Backfill>()
            .AddHostedService(provider => provider.GetRequiredService<Backfill>());
    }
}
