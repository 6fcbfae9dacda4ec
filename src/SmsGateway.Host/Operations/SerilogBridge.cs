using Serilog;
using Serilog.Extensions.Logging;

namespace SmsGateway.Host.Operations;

// Puts Serilog behind Microsoft.Extensions.Logging. Serilog.AspNetCore would do the same; the packages it needs cannot be had (see
// docs/decisions). The section is named "Serilog" as there, so that a later switch changes this file only.
internal static class SerilogBridge
{
    public static void UseSerilog(this WebApplicationBuilder builder)
    {
        var logger = new LoggerConfiguration().ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext().CreateLogger();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Serilog.ILogger>(logger);
        // Disposed with the container, which writes out what the asynchronous sink still holds.
        builder.Services.AddSingleton<ILoggerFactory>(_ => new SerilogLoggerFactory(logger, dispose: true));
    }
}
