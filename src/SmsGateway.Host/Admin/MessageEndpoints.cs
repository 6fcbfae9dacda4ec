using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

internal static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder group)
    {
        group.MapGet("/messages/{id}", ByIdAsync).WithTags("Messages").WithSummary("The trace of one message, by our id")
            .WithDescription("Segments, attempts with their ends, receipts and deliveries. The message text is never shown.");
        group.MapGet("/messages", ByClientIdAsync).WithTags("Messages").WithSummary("The trace of one message, by account and the customer's message_id");
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> ByIdAsync(
        [Description("The id that the receiver, submit_sm_resp and receipts show: m and 26 characters.")] string id,
        MessageQueries queries,
        HttpContext context)
    {
        if (!Ledger.MessageId.TryParse(id, out var messageId))
        {
            return TypedResults.Problem("An id is an m and 26 characters of a-z and 2-7.", statusCode: StatusCodes.Status400BadRequest);
        }

        return Answer(await queries.FindAsync(messageId, context.RequestAborted), context);
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> ByClientIdAsync(
        [FromQuery(Name = "account"), Description("The account's name.")] string? account,
        [FromQuery(Name = "message_id"), Description("message_id of the HTTP call, or TLV 0x1402 of the submit_sm.")] string? messageId,
        MessageQueries queries,
        HttpContext context) =>
        string.IsNullOrEmpty(account) || string.IsNullOrEmpty(messageId)
            ? TypedResults.Problem("Both account and message_id are needed.", statusCode: StatusCodes.Status400BadRequest)
            : Answer(await queries.FindAsync(account, messageId, context.RequestAborted), context);

    private static Results<Ok<MessageView>, ProblemHttpResult> Answer(MessageTrace? trace, HttpContext context) => trace is null
        ? TypedResults.Problem("No such message, or it is older than the retention.", statusCode: StatusCodes.Status404NotFound)
        : TypedResults.Ok(MessageView.Of(trace, ApiKeyGate.SeesNumbers(context)));
}
