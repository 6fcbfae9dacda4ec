using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace SmsGateway.Host.Admin;

/// <summary>The mode a node or site shall have.</summary>
/// <param name="Mode">hot, standby, draining or down.</param>
/// <param name="Note">Why, for the audit; up to 200 characters.</param>
internal sealed record ModeChange(string? Mode, string? Note);

/// <summary>Something that somebody changed, newest first.</summary>
internal sealed record AuditView(
    long Seq, DateTimeOffset At, string Actor, string Role, string Node, string Action, string Target, string? Before, string? After, string? Note);

// Modes of nodes and sites: written to the ledger with their line in the audit, then every node is told to look.
internal static class ModeEndpoints
{
    private const int LongestNote = 200;
    private const int LongestBody = 16 * 1024;

    private const string What =
        "hot: accepts and emits. standby: takes no MT, unbinds its customers, emits nothing; its carrier binds stay. draining: as standby, and it tells " +
        "when nothing is left (drained). down: drained, then unbound from the carriers. Any node takes the change for any other; it is followed within a " +
        "second, outlives a restart, and is audited. 409 when no hot node would be left, unless force=true.";

    public static void MapModes(this RouteGroupBuilder group)
    {
        Describe(group.MapPut("/nodes/{name}/mode", SetNodeAsync)).WithSummary("Gives a node a mode");
        Describe(group.MapPut("/sites/{site}/mode", SetSiteAsync)).WithSummary("Gives a site a mode; a node does what the more restrictive of the two says");
        group.MapGet("/audit", AuditAsync).WithTags("Modes").WithSummary("Who changed which mode, when and why; newest first");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithTags("Modes").WithDescription(What).Accepts<ModeChange>("application/json", "*/*")
        .WithMetadata(new RequiredRole(ApiRole.Operator), new RequestSizeLimitAttribute(LongestBody))
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<NodeView>, ProblemHttpResult>> SetNodeAsync(
        [Description("The node's name.")] string name,
        [FromQuery(Name = "force"), Description("true: also when no hot node would be left.")] bool? force,
        ModeLedger modes,
        NodeViews views,
        NodeLedger nodes,
        NodeHints hints,
        HttpContext context) =>
        await ChangeAsync(
            force is true, node => node.Name == name, (mode, by) => modes.SetNodeAsync(name, mode, by, context.RequestAborted), "No node has this name.",
            views, nodes, hints, context) is { } problem
            ? problem
            : TypedResults.Ok((await views.ReadAsync(context.RequestAborted)).Single(view => view.Name == name));

    private static async Task<Results<Ok<SiteView>, ProblemHttpResult>> SetSiteAsync(
        [Description("The site's name.")] string site,
        [FromQuery(Name = "force"), Description("true: also when no hot node would be left.")] bool? force,
        ModeLedger modes,
        NodeViews views,
        NodeLedger nodes,
        NodeHints hints,
        HttpContext context) =>
        await ChangeAsync(
            force is true, node => node.Site == site, (mode, by) => modes.SetSiteAsync(site, mode, by, context.RequestAborted),
            "No node is of a site of this name.", views, nodes, hints, context) is { } problem
            ? problem
            : TypedResults.Ok((await views.SitesAsync(context.RequestAborted)).Single(view => view.Name == site));

    // Null when the mode was given and every node told.
    private static async Task<ProblemHttpResult?> ChangeAsync(
        bool force,
        Func<NodeStanding, bool> concerns,
        Func<NodeMode, AuditActor, Task<NodeMode?>> set,
        string unknown,
        NodeViews views,
        NodeLedger nodes,
        NodeHints hints,
        HttpContext context)
    {
        var (mode, note, mistake) = await ReadAsync(context);
        if (mistake is not null)
        {
            return mistake;
        }

        if (!force && mode != NodeMode.Hot && LastHotWouldGo(await nodes.ListAsync(context.RequestAborted), views, concerns))
        {
            return LastHot();
        }

        if (await set(mode, Actor(context, note)) is null)
        {
            return TypedResults.Problem(unknown, statusCode: StatusCodes.Status404NotFound);
        }

        hints.Tell(0, HintKind.Directory);
        return null;
    }

    private static async Task<Ok<List<AuditView>>> AuditAsync(
        [FromQuery(Name = "before"), Description("Only what is older than this seq.")] long? before,
        [FromQuery(Name = "limit"), Description("Rows to return, from 1; more than Admin:MaxRows is cut to it. Default 100.")] int? limit,
        ModeLedger modes,
        IOptions<AdminOptions> options,
        CancellationToken stopping) =>
        TypedResults.Ok((await modes.AuditAsync(before, new PageQuery(limit, null).Take(options.Value.MaxRows), stopping))
            .Select(line => new AuditView(
                line.Seq, line.At, line.Actor, line.Role, line.Node, line.Action, line.Target, line.Before, line.After, line.Note)).ToList());

    // A hint for the operator, not a guard: two changes at the same moment may still leave none.
    private static bool LastHotWouldGo(IReadOnlyList<NodeStanding> nodes, NodeViews views, Func<NodeStanding, bool> cools)
    {
        var hot = nodes.Where(node => views.StateOf(node) == NodeState.Renewing && node.Effective == NodeMode.Hot).ToList();
        return hot.Count > 0 && hot.All(cools);
    }

    private static ProblemHttpResult LastHot() => TypedResults.Problem(
        "No hot node would be left: nothing would be accepted or emitted anywhere. Add ?force=true if that is meant.", statusCode: StatusCodes.Status409Conflict);

    private static AuditActor Actor(HttpContext context, string? note)
    {
        var key = context.Features.GetRequiredFeature<ApiKeySettings>();
        return new AuditActor(key.Name, ApiKeyGate.Word(key.Role), note);
    }

    // Read by hand: the answer names the mistake, and curl's default content type is as good as any.
    private static async Task<(NodeMode Mode, string? Note, ProblemHttpResult? Mistake)> ReadAsync(HttpContext context)
    {
        ModeChange? change;
        try
        {
            var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            change = await JsonSerializer.DeserializeAsync<ModeChange>(context.Request.Body, json, context.RequestAborted);
        }
        catch (JsonException)
        {
            return Mistake("The body must be JSON: {\"mode\":\"hot|standby|draining|down\",\"note\":\"...\"}.");
        }
        catch (BadHttpRequestException error)
        {
            return (default, null, TypedResults.Problem(error.Message, statusCode: error.StatusCode));
        }

        if (NodeModes.Parse(change?.Mode) is not { } mode)
        {
            return Mistake("mode must be hot, standby, draining or down.");
        }

        var note = change!.Note;
        return note is not null && (note.Length > LongestNote || note.Any(char.IsControl))
            ? Mistake($"note must have at most {LongestNote} characters, none of them a control character.")
            : (mode, string.IsNullOrWhiteSpace(note) ? null : note, null);
    }

    private static (NodeMode Mode, string? Note, ProblemHttpResult? Mistake) Mistake(string detail) =>
        (default, null, TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest));
}
