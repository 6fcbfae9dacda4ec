using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>A segment that was sent again while in doubt. attempt is the one that was in doubt; why is policy or operator.</summary>
internal sealed record PossibleDuplicateView(
    string Id, short Segment, short Attempt, string Account, string? MessageId, string Connector, DateTimeOffset ResentAt, string Why);

internal static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder group)
    {
        group.MapGet("/messages/{id}", ByIdAsync).WithTags("Messages").WithSummary("The trace of one message, by our id")
            .WithDescription("Segments, attempts with their ends, receipts and deliveries. The message text is never shown.");
        group.MapGet("/messages", ListAsync).WithTags("Messages").WithSummary("The trace of one message, by account and the customer's message_id; or all possible duplicates")
            .WithDescription("account and message_id: one trace. possible_duplicate=true: what was sent again while in doubt, newest first, paged; a message may have several rows.")
            .Produces<MessageView>().Produces<Page<PossibleDuplicateView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
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

    private static async Task<IResult> ListAsync(
        [FromQuery(Name = "account"), Description("The account's name.")] string? account,
        [FromQuery(Name = "message_id"), Description("message_id of the HTTP call, or TLV 0x1402 of the submit_sm.")] string? messageId,
        [FromQuery(Name = "possible_duplicate"), Description("true: the list of what was sent again while in doubt.")] bool? possibleDuplicate,
        [AsParameters] PageQuery page,
        MessageQueries queries,
        DoubtLedger doubts,
        IOptions<AdminOptions> options,
        HttpContext context)
    {
        if (possibleDuplicate is true)
        {
            var resent = await doubts.PossibleDuplicatesAsync(PageQuery.MostRead, context.RequestAborted);
            return TypedResults.Ok(Page<PossibleDuplicateView>.Of(
                [.. resent.Select(r => new PossibleDuplicateView(r.Id.ToString(), r.Segment, r.Attempt, r.Account, r.ClientMessageId, r.Connector, r.At, r.Why))],
                resent.Count == PageQuery.MostRead, page, options.Value.MaxRows));
        }

        return string.IsNullOrEmpty(account) || string.IsNullOrEmpty(messageId)
            ? TypedResults.Problem("Both account and message_id are needed, or possible_duplicate=true.", statusCode: StatusCodes.Status400BadRequest)
            : Answer(await queries.FindAsync(account, messageId, context.RequestAborted), context).Result;
    }

    private static Results<Ok<MessageView>, ProblemHttpResult> Answer(MessageTrace? trace, HttpContext context) => trace is null
        ? TypedResults.Problem("No such message, or it is older than the retention.", statusCode: StatusCodes.Status404NotFound)
        : TypedResults.Ok(MessageView.Of(trace, ApiKeyGate.SeesNumbers(context)));
}
