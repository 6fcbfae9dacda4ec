using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;

namespace SmsGateway.Host.Admin;

// Lets a request through to an endpoint that names a role only with a key of that role, before anything of the request is read. The key
// found stays with the request, so that an answer can show more to a higher role.
internal sealed partial class ApiKeyGate(RequestDelegate next, ApiKeyCheck keys, ILogger<ApiKeyGate> logger)
{
    public const string Header = "X-Api-Key";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is not { } required)
        {
            await next(context);
            return;
        }

        var presented = context.Request.Headers[Header].ToString();
        if (presented.Length == 0 || keys.Find(presented) is not { } key)
        {
            KeyRefused(logger, context.Connection.RemoteIpAddress?.ToString() ?? "");
            context.Response.Headers.WWWAuthenticate = "ApiKey realm=\"admin\"";
            await Refuse(context, StatusCodes.Status401Unauthorized, presented.Length == 0 ? $"The header {Header} is missing." : "The key is unknown.");
        }
        else if (key.Role < required.Role)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, $"The key \"{key.Name}\" has the role {Word(key.Role)}; this needs {Word(required.Role)}.");
        }
        else
        {
            context.Features.Set(key);
            await next(context);
        }
    }

    /// <summary>Whether the caller may see whole handset numbers.</summary>
    public static bool SeesNumbers(HttpContext context) => context.Features.Get<ApiKeySettings>()?.Role == ApiRole.Admin;

    /// <summary>The role as the configuration document has it.</summary>
    public static string Word(ApiRole role) => role switch
    {
        ApiRole.Admin => "admin",
        ApiRole.Operator => "operator",
        _ => "viewer",
    };

    private static Task Refuse(HttpContext context, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(context);

    [LoggerMessage(7100, LogLevel.Warning, "An admin call from {Remote} had no valid key")]
    private static partial void KeyRefused(ILogger logger, string remote);
}
