using SmsGateway.Ledger;

namespace SmsGateway.Host.Operations;

internal static class OperationsRegistration
{
    /// <summary>Log, clock, checked options of every section, metrics, the directory of binds and readiness.</summary>
    public static WebApplicationBuilder AddOperations(this WebApplicationBuilder builder)
    {
        builder.UseSerilog();
        builder.Services
            .AddClock()
            .AddHostOptions()
            .AddMetricsPage()
            .AddSingleton<BindDirectory>()
            .AddSingleton<Readiness>();
        return builder;
    }

    private static IServiceCollection AddClock(this IServiceCollection services)
    {
#if DRILL
        if (Environment.GetEnvironmentVariable("SMSGATEWAY_CLOCK") is { Length: > 0 } file)
        {
            return services.AddSingleton<TimeProvider>(new SteadyClock(new SetClock(file)));
        }
#endif
        return services.AddSingleton<TimeProvider>(new SteadyClock(TimeProvider.System));
    }

    private static IServiceCollection AddHostOptions(this IServiceCollection services)
    {
        services.AddCheckedOptions<NodeOptions>(NodeOptions.Section);
        services.AddCheckedOptions<ReceiverOptions>(ReceiverOptions.Section);
        services.AddCheckedOptions<SmppOptions>(SmppOptions.Section);
        services.AddCheckedOptions<AdminOptions>(AdminOptions.Section);
        // AddLedger binds and validates its own; here they join the report.
        services.AddOptionsCheck<LedgerOptions>(
            LedgerOptions.Section,
            (nameof(LedgerOptions.ConnectionString), "set Ledger__ConnectionString, for example \"Host=db1;Database=smsgateway;Username=smsgateway;Password=...\""));
        return services;
    }
}
