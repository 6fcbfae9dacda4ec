namespace SmsGateway.Host.Operations;

// One line per request, with the property names of Serilog's own request log. Debug for customers' traffic, where a line each would cost
// more than the request; Information for the admin listener. The query string is never written: it holds passwords and text.
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger, LogLevel level, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context) => logger.IsEnabled(level) ? LoggedAsync(context) : next(context);

    private async Task LoggedAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            var failedAfter = time.GetElapsedTime(started).TotalMilliseconds;
            Failed(logger, e, context.Request.Method, context.Request.Path.Value ?? "", failedAfter);
            throw;
        }

        var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
        Answered(logger, level, context.Request.Method, context.Request.Path.Value ?? "", context.Response.StatusCode, elapsed);
    }

    [LoggerMessage(EventId = 7000, Message = "HTTP {RequestMethod} {RequestPath} answered {StatusCode} in {Elapsed:0.0} ms")]
    private static partial void Answered(ILogger logger, LogLevel level, string requestMethod, string requestPath, int statusCode, double elapsed);

    [LoggerMessage(7001, LogLevel.Error, "HTTP {RequestMethod} {RequestPath} failed after {Elapsed:0.0} ms")]
    private static partial void Failed(ILogger logger, Exception e, string requestMethod, string requestPath, double elapsed);
}

// Next free id in Operations: 7010.

internal static class RequestLogRegistration
{
    /// <summary>Costs one level check per request while <paramref name="level"/> is off.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app, LogLevel level) => app.UseMiddleware<RequestLog>(level);
}
