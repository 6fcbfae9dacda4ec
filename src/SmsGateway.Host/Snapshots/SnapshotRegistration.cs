using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Snapshots;

internal static class SnapshotRegistration
{
    /// <summary>The files that let a node start without the ledger, and the loop that keeps them.</summary>
    public static IServiceCollection AddSnapshots(this IServiceCollection services)
    {
        services.AddCheckedOptions<SnapshotOptions>(SnapshotOptions.Section);
        return services.AddSingleton<SnapshotFiles>().AddHostedService<SnapshotKeeper>();
    }
}
