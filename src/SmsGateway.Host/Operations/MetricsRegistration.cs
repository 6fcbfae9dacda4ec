namespace SmsGateway.Host.Operations;

internal static class MetricsRegistration
{
    /// <summary>What the gateway counts, and the page that Prometheus reads it from.</summary>
    public static IServiceCollection AddMetricsPage(this IServiceCollection services) => services
        .AddSingleton<HostMetrics>()
        .AddSingleton<MetricsPage>();
}
