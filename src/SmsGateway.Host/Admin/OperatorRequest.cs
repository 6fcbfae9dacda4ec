using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace SmsGateway.Host.Admin;

// What every order of an operator has: a JSON body whose mistakes are named, a note, a name for the audit.
internal static class OperatorRequest
{
    public const int LongestBody = 256 * 1024;
    public const string WrongAge = "filter.older_than must be from 00:00:00 to 400.00:00:00.";
    private const int LongestNote = 200;
    private static readonly TimeSpan MostAge = TimeSpan.FromDays(400); // longer than anything is kept

    /// <summary>Reads the body by hand: the answer names the mistake, and curl's default content type is as good as any.</summary>
    public static async Task<(T? Body, ProblemHttpResult? Mistake)> ReadAsync<T>(HttpContext context, string example)
        where T : class
    {
        try
        {
            var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var body = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, json, context.RequestAborted);
            return body is null ? (null, Mistake($"The body must be JSON such as {example}")) : (body, null);
        }
        catch (JsonException error)
        {
            return (null, Mistake($"The body must be JSON such as {example} ({error.Path ?? "$"} is wrong)"));
        }
        catch (BadHttpRequestException error)
        {
            return (null, TypedResults.Problem(error.Message, statusCode: error.StatusCode));
        }
    }

    /// <summary>Null when the note is fit for the audit.</summary>
    public static ProblemHttpResult? CheckNote(string? note) => note is not null && (note.Length > LongestNote || note.Any(char.IsControl))
        ? Mistake($"note must have at most {LongestNote} characters, none of them a control character.")
        : null;

    /// <summary>Whether something may be chosen by this age.</summary>
    public static bool IsAge(TimeSpan age) => age >= TimeSpan.Zero && age <= MostAge;

    public static AuditActor Actor(HttpContext context, string? note)
    {
        var key = context.Features.GetRequiredFeature<ApiKeySettings>();
        return new AuditActor(key.Name, ApiKeyGate.Word(key.Role), string.IsNullOrWhiteSpace(note) ? null : note);
    }

    public static ProblemHttpResult Mistake(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
