using System.Text;
using System.Text.Json;
using SmsGateway.Simulator.Behaviour;

namespace SmsGateway.Simulator.Control;

/// <summary>JSON over the control interfaces.</summary>
internal static class JsonHttp
{
    public static Task AnswerAsync(this HttpContext context, object value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, value.GetType(), ControlJson.Options, context.RequestAborted);
    }

    public static async Task<string> BodyAsync(this HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    /// <summary>The body as T (an empty body is an empty object), or what is wrong with it.</summary>
    public static async Task<(T? Value, string? Error)> ReadAsync<T>(this HttpContext context)
        where T : class
    {
        string body = await context.BodyAsync();
        try
        {
            T? value = JsonSerializer.Deserialize<T>(body.Length == 0 ? "{}" : body, ControlJson.Options);
            return (value, value is null ? "The body must be a JSON object." : null);
        }
        catch (JsonException e)
        {
            return (null, e.Message);
        }
    }

    public static int Number(this HttpContext context, string name, int otherwise)
        => int.TryParse(context.Request.Query[name], out int number) && number >= 0 ? number : otherwise;

    public static string? Word(this HttpContext context, string name)
        => context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } word ? word : null;
}
