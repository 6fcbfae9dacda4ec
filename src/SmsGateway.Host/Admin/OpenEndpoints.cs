using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Admin;

// What needs no key: probes and figures. Nothing here names a customer's message.
internal static class OpenEndpoints
{
    public static void MapOpen(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", static () => TypedResults.Ok(new { status = "live" }))
            .WithTags("Health").WithSummary("The process answers; restart it when this does not");
        endpoints.MapGet("/health/ready", ReadyAsync)
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable)
            .WithTags("Health").WithSummary("Whether this node wants traffic; 503 with the reasons when not")
            .WithDescription("lease, mode and drift are reasons too. Carriers are no part of it: a node without a live bind still accepts. ledger_on_one_machine is information, not a reason. hold: while the ledger is away a node that can hold stays ready, and says so here; a full journal is 503.");
        endpoints.MapGet("/metrics", MetricsAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(HealthReport report, HttpContext context)
    {
        var view = await report.ReadAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(view, statusCode: view.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task MetricsAsync(HttpContext context, MetricsPage page)
    {
        var text = await page.RenderAsync(context.RequestAborted);
        context.Response.ContentType = MetricsPage.ContentType;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
