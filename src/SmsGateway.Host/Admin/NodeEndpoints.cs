using Microsoft.AspNetCore.Http.HttpResults;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Admin;

/// <summary>A live SMPP session of this node.</summary>
internal sealed record BindView(
    string Name, BindSide Side, string Party, string Type, string Remote, DateTimeOffset Since, int Window, int Outstanding, int IncomingOutstanding)
{
    public static BindView Of(BindListing bind) => new(
        bind.Name, bind.Side, bind.Party, bind.Type, bind.Remote, bind.Since, bind.Window, bind.Outstanding(), bind.IncomingOutstanding());
}

internal static class NodeEndpoints
{
    public static void MapNodes(this RouteGroupBuilder group)
    {
        group.MapGet("/nodes", NodesAsync).WithTags("Topology").WithSummary("All nodes of the installation, by name")
            .WithDescription(
                "effective_mode: the more restrictive of the node's and its site's. state: renewing, silent (holds a lease and does not renew it) or gone. " +
                "reach: whom others may hand to it; empty unless it is hot. leftovers: what it still owns, each counted up to 100,000. " +
                "held: records in its own journal that are not in the ledger yet. drained: it is not hot, or gone, and nothing is left and nothing held. configuration_drift: it works with another version than the newest.");
        group.MapGet("/sites", SitesAsync).WithTags("Topology").WithSummary("All sites, by name, with their modes and nodes");
        group.MapGet("/binds", static (BindDirectory binds) => TypedResults.Ok(binds.All.Select(BindView.Of).ToList()))
            .WithTags("Topology").WithSummary("Live binds of this node")
            .WithDescription("Other nodes list their own. outstanding: our requests not yet answered; incoming_outstanding: the peer's.");
    }

    private static async Task<Ok<List<NodeView>>> NodesAsync(NodeViews views, CancellationToken stopping) => TypedResults.Ok(await views.ReadAsync(stopping));

    private static async Task<Ok<List<SiteView>>> SitesAsync(NodeViews views, CancellationToken stopping) => TypedResults.Ok(await views.SitesAsync(stopping));
}
