using Microsoft.Extensions.Options;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Admin;

internal static class AdminRegistration
{
    /// <summary>The admin listener and what answers there.</summary>
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<IOptions<AdminOptions>>().Value;
            kestrel.Listen(ListenAddress.Parse(options.Address), listener => listener.Use(next => connection =>
            {
                connection.Features.Set(AdminConnection.Mark);
                return next(connection);
            }));
        });
        return builder;
    }

    /// <summary>
    /// Answers everything that comes in through the admin listener, and nothing else. Call it first: requests of the other listeners pass
    /// with one look at their features.
    /// </summary>
    public static WebApplication MapAdmin(this WebApplication app)
    {
        app.MapWhen(
            static context => context.Features.Get<AdminConnection>() is not null,
            branch =>
            {
                // Own endpoints for this branch: without this they would be matched on the customers' listeners too.
                branch.Properties.Remove("__GlobalEndpointRouteBuilder");
                branch.Use(static (context, next) =>
                {
                    context.SetEndpoint(null); // an endpoint of another listener, matched by path alone
                    return next(context);
                });
                branch.UseRequestLog(LogLevel.Information);
                branch.UseRouting();
                branch.UseEndpoints(endpoints => endpoints.MapMetrics());
            });
        return app;
    }

    private static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", static async (HttpContext context, MetricsPage page) =>
        {
            var text = await page.RenderAsync(context.RequestAborted);
            context.Response.ContentType = MetricsPage.ContentType;
            await context.Response.Body.WriteAsync(text, context.RequestAborted);
        }).ExcludeFromDescription();
}
