using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Admin;

internal static class AdminRegistration
{
    /// <summary>The admin listener and what answers there.</summary>
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(Listen);
        builder.Services
            .AddProblemDetails()
            .AddExceptionHandler<LedgerAwayAnswer>()
            .ConfigureHttpJsonOptions(json => AdminJson.Configure(json.SerializerOptions))
            .AddAdminOpenApi()
            .AddSingleton<HealthReport>()
            .AddSingleton<DoubtFilter>()
            .AddSingleton<LiveFigures>()
            .AddSingleton<NodeViews>()
            .AddSingleton<HoldViews>()
            .AddSingleton<ConfigurationDrift>()
            .AddSingleton<NodeFigures>();
        return builder;
    }

    /// <summary>
    /// Answers everything that comes in through the admin listener, and nothing else. Call it first: requests of the other listeners pass
    /// with one look at their features.
    /// </summary>
    public static WebApplication MapAdmin(this WebApplication app)
    {
        // What nobody listens to is not counted, so the listeners come before the first request.
        app.Services.GetRequiredService<MetricsPage>();
        app.Services.GetRequiredService<LiveFigures>();
        app.Services.GetRequiredService<NodeFigures>();
        app.MapWhen(static context => context.Features.Get<AdminConnection>() is not null, Build);
        return app;
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<AdminOptions>>().Value;
        kestrel.Listen(ListenAddress.Parse(options.Address), listener => listener.Use(next => connection =>
        {
            connection.Features.Set(AdminConnection.Mark);
            return next(connection);
        }));
    }

    private static void Build(IApplicationBuilder branch)
    {
        // Own endpoints for this branch: without this they would be matched on the customers' listeners too.
        branch.Properties.Remove("__GlobalEndpointRouteBuilder");
        branch.Use(static (context, next) =>
        {
            context.SetEndpoint(null); // an endpoint of another listener, matched by path alone
            return next(context);
        });
        branch.UseRequestLog(LogLevel.Information);
        branch.UseExceptionHandler();
        branch.UseStatusCodePages();
        branch.UseAdminOpenApi();
        branch.UseRouting();
        branch.UseMiddleware<ApiKeyGate>();
        branch.UseEndpoints(endpoints =>
        {
            endpoints.MapOpen();
            endpoints.MapAdminPaths();
        });
    }

    private static void MapAdminPaths(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/admin/v1").WithMetadata(new RequiredRole(ApiRole.Viewer))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapNodes();
        group.MapModes();
        group.MapConfiguration();
        group.MapMessages();
        group.MapDoubts();
        group.MapDoubtDecisions();
        group.MapParked();
        group.MapHold();
    }
}
