using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace SmsGateway.Host.Operations;

// Puts Serilog behind Microsoft.Extensions.Logging. Serilog.AspNetCore would do the same; the packages it needs cannot be had (see
// docs/decisions). The section is named "Serilog" as there, so that a later switch changes this file only.
internal static class SerilogBridge
{
    private const int HostedServiceStartupFaulted = 11;

    public static void UseSerilog(this WebApplicationBuilder builder)
    {
        var logger = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration)
            .Enrich.FromLogContext()
            .Filter.ByExcluding(IsFailedStart)
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Serilog.ILogger>(logger);
        // Disposed with the container, which writes out what the asynchronous sink still holds.
        builder.Services.AddSingleton<ILoggerFactory>(_ => new SerilogLoggerFactory(logger, dispose: true));
    }

    // Program catches what StartAsync throws: it explains what an operator can cure and lets the runtime print the rest. The host's own line
    // would put a stack trace beside the explanation.
    private static bool IsFailedStart(LogEvent log) =>
        log.Properties.TryGetValue("SourceContext", out var source)
        && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" }
        && log.Properties.TryGetValue("EventId", out var id)
        && id is StructureValue { Properties: var parts }
        && parts.Any(part => part is { Name: "Id", Value: ScalarValue { Value: HostedServiceStartupFaulted } });
}
