using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>An attempt without an end whose bind or epoch is gone: the carrier may or may not have it.</summary>
internal sealed record DoubtView(
    string Id, short Segment, short Attempt, string Account, string? Destination, string Connector, string Bind, string Node, DoubtCause Cause,
    DateTimeOffset At, double AgeSeconds, DateTimeOffset ValidUntil, DoubtPolicy Policy, double? EpochGoneSeconds);

internal static class DoubtEndpoints
{
    public static void MapDoubts(this RouteGroupBuilder group)
    {
        group.MapGet("/doubts", DoubtsAsync).WithTags("Doubt").WithSummary("Attempts in doubt, oldest first")
            .WithDescription("Of all nodes, from any node: attempts whose epoch is gone, and those whose bind is gone (of other nodes 10 s after they were begun). Sent again only where the carrier's policy (policy) or an operator says so, and marked; epoch_gone_seconds is how long its epoch has been gone at least.");
    }

    private static async Task<Ok<Page<DoubtView>>> DoubtsAsync(
        [AsParameters] PageQuery page, MessageQueries queries, DoubtFilter filter, ConfigurationState configuration, TimeProvider time, IOptions<AdminOptions> options,
        HttpContext context)
    {
        var open = await queries.OpenAttemptsAsync(PageQuery.MostRead, onlyGoneEpochs: false, context.RequestAborted);
        var now = time.GetUtcNow();
        var doubts = new List<DoubtView>();
        foreach (var attempt in open)
        {
            if (filter.CauseOf(attempt, now) is { } cause)
            {
                doubts.Add(new DoubtView(
                    new MessageId(attempt.Key.Segment.Id).ToString(), attempt.Key.Segment.Segment, attempt.Key.Number, attempt.Account,
                    PhoneMask.Of(attempt.Destination, ApiKeyGate.SeesNumbers(context)), attempt.Connector, attempt.Bind, attempt.NodeName, cause, attempt.At, Math.Round((now - attempt.At).TotalSeconds, 1), attempt.ValidUntil,
                    configuration.Current.Carriers.GetValueOrDefault(attempt.Connector)?.DoubtOf(attempt.Priority) ?? DoubtPolicy.Hold,
                    attempt.GoneFor is { } gone ? Math.Round(gone.TotalSeconds, 1) : null));
            }
        }

        return TypedResults.Ok(Page<DoubtView>.Of(doubts, open.Count == PageQuery.MostRead, page, options.Value.MaxRows));
    }
}
