using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>A gateway process.</summary>
internal sealed record NodeView(
    string Name, string Site, string Mode, long Epoch, string? Version, string? ConfigurationHash, DateTimeOffset StartedAt, bool IsThisNode);

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
        group.MapGet("/nodes", NodesAsync).WithTags("Topology").WithSummary("All nodes of the installation, by name");
        group.MapGet("/binds", static (BindDirectory binds) => TypedResults.Ok(binds.All.Select(BindView.Of).ToList()))
            .WithTags("Topology").WithSummary("Live binds of this node")
            .WithDescription("Other nodes list their own. outstanding: our requests not yet answered; incoming_outstanding: the peer's.");
    }

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<List<NodeView>>> NodesAsync(
        NodeLedger nodes, NodeIdentity self, CancellationToken stopping) =>
        TypedResults.Ok((await nodes.ListAsync(stopping)).Select(node => new NodeView(
            node.Name, node.Site, node.Mode.Word(), node.Epoch, node.Version, node.ConfigurationHash, node.StartedAt, node.Name == self.Name)).ToList());
}
