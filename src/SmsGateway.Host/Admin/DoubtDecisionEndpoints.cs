using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>What an operator decides: single attempts, or all that a filter means.</summary>
/// <param name="Decision">resend, give_up or sent.</param>
/// <param name="Doubts">These attempts; or else a filter.</param>
/// <param name="Filter">All in doubt that it means, the oldest first.</param>
/// <param name="DryRun">true: only count.</param>
/// <param name="Note">Why, for the audit; up to 200 characters.</param>
/// <param name="Force">true: also those whose node may still have their end to tell.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt filter would mean all
internal sealed record DoubtsToDecide(string? Decision, IReadOnlyList<DoubtName>? Doubts, DoubtChoice? Filter, bool DryRun, string? Note, bool Force = false);

/// <summary>One attempt, as GET /admin/v1/doubts names it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt filter would mean all
internal sealed record DoubtName(string? Id, short Segment = 1, short Attempt = 1);

/// <summary>Which doubts. What is left out means any.</summary>
/// <param name="Connector">At this connector.</param>
/// <param name="Node">Made by this node.</param>
/// <param name="Account">Of this account.</param>
/// <param name="OlderThan">Begun at least this long ago (hh:mm:ss).</param>
/// <param name="Limit">At most this many, the oldest. Default 1,000, at most 10,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt filter would mean all
internal sealed record DoubtChoice(string? Connector, string? Node, string? Account, TimeSpan? OlderThan, int? Limit);

/// <summary>What became of it.</summary>
/// <param name="Decision">As asked.</param>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Matched">In doubt, and meant.</param>
/// <param name="Decided">Decided now; of a dry run what would be.</param>
/// <param name="NotInDoubt">Named or meant, and answered or decided meanwhile.</param>
/// <param name="TooEarly">Not sent again yet: a socket may still drain (up to Carriers:TcpUserTimeout).</param>
/// <param name="Untold">Left alone: their node may know their end and not have told it to the ledger yet (its journal is being played).</param>
/// <param name="UntoldNodes">Those nodes.</param>
/// <param name="AskNodes">Nodes that alone can send their own again, because only they know when the bind ended.</param>
internal sealed record DoubtsDecidedView(
    string Decision, bool DryRun, int Matched, int Decided, int NotInDoubt, int TooEarly, int Untold, IReadOnlyList<string> UntoldNodes, IReadOnlyList<string> AskNodes);

// An operator decides what is in doubt, one or many. One call is one transaction with one line in the audit.
internal static class DoubtDecisionEndpoints
{
    private const int DefaultLimit = 1_000;
    private const int MostDecided = 10_000;
    private const int NamedInAudit = 20;
    private const string Example = """{"decision":"resend|give_up|sent","filter":{"connector":"carrier-a"},"dry_run":true,"note":"..."}""";

    public static void MapDoubtDecisions(this RouteGroupBuilder group) =>
        group.MapPost("/doubts/decide", DecideAsync).WithTags("Doubt").WithSummary("Decides attempts in doubt, single ones or all that a filter means")
            .WithDescription(
                "resend: sent again, marked as a possible duplicate; not before Carriers:TcpUserTimeout has passed since its epoch or bind ended, not after its validity. " +
                "give_up: the message is unknown, with a receipt. sent: the carrier is known to have it; it ends answered without the carrier's id, and a receipt may still find it. " +
                "Left alone are those whose node has a journal to play (untold, untold_nodes): their end may be in it; force decides them too. Name attempts in doubts (id, segment, attempt) or give a filter (connector, node, account, older_than, limit). dry_run counts only. Audited.")
            .Accepts<DoubtsToDecide>("application/json", "*/*")
            .WithMetadata(new RequiredRole(ApiRole.Operator), new RequestSizeLimitAttribute(OperatorRequest.LongestBody))
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<DoubtsDecidedView>, ProblemHttpResult>> DecideAsync(
        MessageQueries queries, DoubtLedger ledger, DoubtFilter filter, LingeringBinds binds, QueuePump pump, HostMetrics metrics, TimeProvider time, HttpContext context)
    {
        var (order, mistake) = await OperatorRequest.ReadAsync<DoubtsToDecide>(context, Example);
        if (mistake is not null)
        {
            return mistake;
        }

        if (Check(order!, out var decision, out var named) is { } wrong)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var open = await queries.OpenAttemptsAsync(PageQuery.MostRead, onlyGoneEpochs: false, context.RequestAborted);
        var meant = open.Where(attempt => filter.CauseOf(attempt, now) is not null && Means(order!, named, attempt, now)).Take(Limit(order!)).ToList();

        // After the attempts were seen: what was told meanwhile has ended them, and is not decided again.
        var untold = order!.Force ? [] : meant.FindAll(attempt => filter.MayBeUntold(attempt, now));
        var told = untold.Count == 0 ? meant : meant.Except(untold).ToList();
        var chosen = told;
        var askNodes = new SortedSet<string>(StringComparer.Ordinal);
        var tooEarly = 0;
        if (decision == DoubtDecision.Resend)
        {
            // After the attempts were seen: a bind that came up since is among them.
            var lingering = filter.Lingering;
            chosen = [.. told.Where(attempt => filter.HasDrained(attempt, lingering) is true && attempt.ValidUntil > now)];
            tooEarly = told.Count(attempt => filter.HasDrained(attempt, lingering) is false);
            askNodes.UnionWith(told.Where(attempt => filter.HasDrained(attempt, lingering) is null).Select(attempt => attempt.NodeName));
        }

        var decided = chosen.Count;
        if (!order.DryRun && chosen.Count > 0)
        {
            var counts = await ledger.DecideAsync(
                chosen.ConvertAll(attempt => attempt.AsDoubt()),
                new DoubtOrder(decision, "operator")
                {
                    Drain = binds.Drain,
                    Early = true,
                    By = OperatorRequest.Actor(context, order.Note),
                    Target = Described(order, chosen),
                },
                context.RequestAborted);
            foreach (var (connector, count) in counts)
            {
                metrics.DoubtEnded(connector, "operator_" + order.Decision, count);
            }

            decided = counts.Values.Sum();
            if (decision == DoubtDecision.Resend)
            {
                pump.Wake();
            }
        }

        var gone = (named?.Count - meant.Count ?? 0) + (chosen.Count - decided);
        return TypedResults.Ok(new DoubtsDecidedView(order.Decision!, order.DryRun, meant.Count, decided, gone, tooEarly, untold.Count,
            [.. untold.Select(attempt => attempt.NodeName).Distinct().Order(StringComparer.Ordinal)], [.. askNodes]));
    }

    private static ProblemHttpResult? Check(DoubtsToDecide order, out DoubtDecision decision, out HashSet<(Guid, short, short)>? named)
    {
        named = null;
        decision = order.Decision switch { "resend" => DoubtDecision.Resend, "give_up" => DoubtDecision.GiveUp, "sent" => DoubtDecision.Sent, _ => default };
        if (decision == default)
        {
            return OperatorRequest.Mistake("decision must be resend, give_up or sent.");
        }

        if ((order.Doubts is null) == (order.Filter is null))
        {
            return OperatorRequest.Mistake("Give either doubts (a list of id, segment, attempt) or a filter; an empty filter {} means all.");
        }

        if (order.Filter is { OlderThan: { } age } && !OperatorRequest.IsAge(age))
        {
            return OperatorRequest.Mistake(OperatorRequest.WrongAge);
        }

        if (order.Filter is { Limit: < 1 or > MostDecided })
        {
            return OperatorRequest.Mistake($"filter.limit must be from 1 to {MostDecided}.");
        }

        if (order.Doubts is { } doubts)
        {
            if (doubts.Count is 0 or > MostDecided)
            {
                return OperatorRequest.Mistake($"doubts must have from 1 to {MostDecided} entries.");
            }

            named = [];
            for (var i = 0; i < doubts.Count; i++)
            {
                if (doubts[i] is not { Id: { } text } name || !Ledger.MessageId.TryParse(text, out var id))
                {
                    return OperatorRequest.Mistake($"doubts[{i}].id must be an m and 26 characters of a-z and 2-7.");
                }

                named.Add((id.Value, name.Segment, name.Attempt));
            }
        }

        return OperatorRequest.CheckNote(order.Note);
    }

    private static int Limit(DoubtsToDecide order) => order.Filter is { } filter ? filter.Limit ?? DefaultLimit : MostDecided;

    private static bool Means(DoubtsToDecide order, HashSet<(Guid, short, short)>? named, OpenAttempt attempt, DateTimeOffset now)
    {
        if (named is not null)
        {
            return named.Contains((attempt.Key.Segment.Id, attempt.Key.Segment.Segment, attempt.Key.Number));
        }

        var filter = order.Filter!;
        return (filter.Connector is null || filter.Connector == attempt.Connector) && (filter.Node is null || filter.Node == attempt.NodeName)
            && (filter.Account is null || filter.Account == attempt.Account) && now - attempt.At >= (filter.OlderThan ?? TimeSpan.Zero);
    }

    // The first of them by name: who wants all finds them in the messages' traces.
    private static string Described(DoubtsToDecide order, List<OpenAttempt> chosen)
    {
        var filter = order.Filter is { } f
            ? string.Join(", ", new[] { ("connector", f.Connector), ("node", f.Node), ("account", f.Account), ("older_than", f.OlderThan?.ToString()) }
                .Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {part.Item2}").DefaultIfEmpty("all"))
            : "named";
        var names = chosen.Take(NamedInAudit).Select(a => $"{new MessageId(a.Key.Segment.Id)}/{a.Key.Segment.Segment}/{a.Key.Number}");
        return $"{order.Decision} ({filter}{(order.Force ? ", forced" : "")}): {string.Join(' ', names)}{(chosen.Count > NamedInAudit ? $" and {chosen.Count - NamedInAudit} more" : "")}";
    }
}
