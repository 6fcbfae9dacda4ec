using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>Something that waits for an operator.</summary>
internal sealed record ParkedView(
    Guid Id, string Kind, string Reason, string? Connector, string? Account, string? MessageId, DateTimeOffset At, int RawLength);

/// <summary>Rows of the parked list: by id, or all that a filter means.</summary>
/// <param name="Ids">These; or else a filter.</param>
/// <param name="Filter">All that it means, the oldest first.</param>
/// <param name="DryRun">true: only count.</param>
/// <param name="Note">Why, for the audit; up to 200 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt filter would mean all
internal sealed record ParkedToDrive(IReadOnlyList<Guid>? Ids, ParkedFilter? Filter, bool DryRun, string? Note);

/// <summary>Which rows. What is left out means any.</summary>
/// <param name="Kind">Of this kind: segment, delivery, receipt_unmatched, receipt_unreadable, mo_unroutable, mo_unreadable...</param>
/// <param name="Connector">Of this connector.</param>
/// <param name="Account">Of this account.</param>
/// <param name="OlderThan">Parked at least this long ago (hh:mm:ss).</param>
/// <param name="Limit">At most this many, the oldest. Default 1,000, at most 10,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt filter would mean all
internal sealed record ParkedFilter(string? Kind, string? Connector, string? Account, TimeSpan? OlderThan, int? Limit);

/// <summary>What became of it.</summary>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Matched">Rows meant.</param>
/// <param name="Segments">Segments that wait in the queue again.</param>
/// <param name="Deliveries">Deliveries that are owed again.</param>
/// <param name="Discarded">Rows taken off the list.</param>
/// <param name="Left">Rows meant that stay on the list: of a kind for which this makes no sense, or parked by a version that did not keep the delivery.</param>
internal sealed record ParkedDrivenView(bool DryRun, long Matched, long Segments, long Deliveries, long Discarded, long Left);

// What was parked is driven again or discarded, one or many. One call is one transaction with one line in the audit.
internal static class ParkedEndpoints
{
    private const int DefaultLimit = 1_000;
    private const int Most = 10_000;
    private const int NamedInAudit = 10;
    private const string Example = """{"ids":["..."]} or {"filter":{"kind":"delivery","account":"demo"},"dry_run":true,"note":"..."}""";

    public static void MapParked(this RouteGroupBuilder group)
    {
        group.MapGet("/parked", ListAsync).WithTags("Doubt").WithSummary("What was parked for an operator, newest first");
        Describe(group.MapPost("/parked/redrive", RedriveAsync)).WithSummary("Sends parked segments and deliveries again")
            .WithDescription("A segment goes to the queue with its failures forgotten (after its validity it expires, with a receipt); a delivery is owed again under the same delivery id. Other kinds stay on the list. Audited.");
        Describe(group.MapPost("/parked/discard", DiscardAsync)).WithSummary("Takes what nothing is to become of off the parked list")
            .WithDescription("Every kind but segments whose message is still there: those would be nowhere; sent again they end with a receipt. Audited.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithTags("Doubt").Accepts<ParkedToDrive>("application/json", "*/*")
        .WithMetadata(new RequiredRole(ApiRole.Operator), new RequestSizeLimitAttribute(OperatorRequest.LongestBody * 4))
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Ok<Page<ParkedView>>> ListAsync(
        [AsParameters] PageQuery page, MessageQueries queries, IOptions<AdminOptions> options, CancellationToken stopping)
    {
        var parked = await queries.ParkedAsync(PageQuery.MostRead, stopping);
        return TypedResults.Ok(Page<ParkedView>.Of(
            [.. parked.Select(item => new ParkedView(
                item.Id, item.Kind, item.Reason, item.Connector, item.Account, item.EntryId?.ToString(), item.At, item.RawLength))],
            parked.Count == PageQuery.MostRead,
            page,
            options.Value.MaxRows));
    }

    private static async Task<Results<Ok<ParkedDrivenView>, ProblemHttpResult>> RedriveAsync(
        ParkedLedger parked, QueuePump queue, OutboxPump outbox, HttpContext context)
    {
        var (choice, order, mistake) = await ReadAsync(context);
        if (mistake is not null)
        {
            return mistake;
        }

        if (order!.DryRun)
        {
            var counts = await parked.CountAsync(choice!, context.RequestAborted);
            var (segments, deliveries) = (Sum(counts, "segment", row => row.Redrivable), Sum(counts, "delivery", row => row.Redrivable));
            var all = counts.Sum(row => row.Count);
            return TypedResults.Ok(new ParkedDrivenView(true, all, segments, deliveries, 0, all - segments - deliveries));
        }

        var driven = await parked.RedriveAsync(choice!, OperatorRequest.Actor(context, order.Note), Described(order), context.RequestAborted);
        queue.Wake();
        outbox.Wake();
        return TypedResults.Ok(new ParkedDrivenView(
            false, driven.Chosen, driven.Segments, driven.Deliveries, 0, driven.Chosen - driven.Segments - driven.Deliveries));
    }

    private static async Task<Results<Ok<ParkedDrivenView>, ProblemHttpResult>> DiscardAsync(ParkedLedger parked, HttpContext context)
    {
        var (choice, order, mistake) = await ReadAsync(context);
        if (mistake is not null)
        {
            return mistake;
        }

        if (order!.DryRun)
        {
            var counts = await parked.CountAsync(choice!, context.RequestAborted);
            var segments = Sum(counts, "segment", row => row.Redrivable);
            var all = counts.Sum(row => row.Count);
            return TypedResults.Ok(new ParkedDrivenView(true, all, 0, 0, all - segments, segments));
        }

        var driven = await parked.DiscardAsync(choice!, OperatorRequest.Actor(context, order.Note), Described(order), context.RequestAborted);
        return TypedResults.Ok(new ParkedDrivenView(false, driven.Chosen, 0, 0, driven.Segments, driven.Chosen - driven.Segments));
    }

    private static long Sum(IReadOnlyList<ParkedCount> counts, string kind, Func<ParkedCount, long> of) => counts.Where(row => row.Kind == kind).Sum(of);

    private static async Task<(ParkedChoice? Choice, ParkedToDrive? Order, ProblemHttpResult? Mistake)> ReadAsync(HttpContext context)
    {
        var (order, mistake) = await OperatorRequest.ReadAsync<ParkedToDrive>(context, Example);
        if (mistake is not null)
        {
            return (null, null, mistake);
        }

        var wrong = (order!.Ids is null) == (order.Filter is null) ? "Give either ids or a filter; an empty filter {} means all."
            : order.Ids is { Count: 0 or > Most } ? $"ids must have from 1 to {Most} entries."
            : order.Filter is { OlderThan: { } age } && !OperatorRequest.IsAge(age) ? OperatorRequest.WrongAge
            : order.Filter is { Limit: < 1 or > Most } ? $"filter.limit must be from 1 to {Most}."
            : null;
        if (wrong is not null)
        {
            return (null, null, OperatorRequest.Mistake(wrong));
        }

        var filter = order.Filter;
        var choice = new ParkedChoice
        {
            Ids = order.Ids,
            Kind = filter?.Kind,
            Connector = filter?.Connector,
            Account = filter?.Account,
            OlderThan = filter?.OlderThan ?? TimeSpan.Zero,
            Limit = order.Ids?.Count ?? filter?.Limit ?? DefaultLimit,
        };
        return (choice, order, OperatorRequest.CheckNote(order.Note));
    }

    private static string Described(ParkedToDrive order)
    {
        if (order.Ids is { } ids)
        {
            return string.Join(' ', ids.Take(NamedInAudit)) + (ids.Count > NamedInAudit ? $" and {ids.Count - NamedInAudit} more" : "");
        }

        var f = order.Filter!;
        return string.Join(", ", new[] { ("kind", f.Kind), ("connector", f.Connector), ("account", f.Account), ("older_than", f.OlderThan?.ToString()) }
            .Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {part.Item2}").DefaultIfEmpty("all"));
    }
}
