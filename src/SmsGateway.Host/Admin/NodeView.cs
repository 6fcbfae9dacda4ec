using System.Text.Json.Serialization;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>Whether a node keeps its lease, as this one sees it.</summary>
internal enum NodeState
{
    /// <summary>It renews.</summary>
    Renewing,

    /// <summary>It holds a lease and has not renewed it for as long as it can last: frozen, cut off, or dead and not taken over yet.</summary>
    Silent,

    /// <summary>It holds none: it left, or was taken over.</summary>
    Gone,
}

/// <summary>What a node still owns, each counted up to 100,000.</summary>
/// <param name="Segments">Waiting segments.</param>
/// <param name="Deliveries">Receipts and MOs owed.</param>
/// <param name="Attempts">Submits whose answer may still come; those in doubt are under /doubts.</param>
internal sealed record LeftoversView(long Segments, long Deliveries, long Attempts)
{
    [JsonIgnore]
    public bool IsEmpty => Segments + Deliveries + Attempts == 0;
}

/// <summary>A gateway process.</summary>
internal sealed record NodeView(
    string Name, string Site, string Mode, string SiteMode, string EffectiveMode, bool Live, NodeState State, long Epoch, long Counter, string? Version,
    long? ConfigurationVersion, string? ConfigurationHash, bool ConfigurationDrift, NodeReach Reach, DateTimeOffset StartedAt, DateTimeOffset? RenewedAt,
    LeftoversView Leftovers, long Held, bool Drained, bool IsThisNode);

/// <summary>A datacentre.</summary>
internal sealed record SiteView(string Name, string Mode, IReadOnlyList<string> Nodes);

// What the ledger says of nodes, beside what this node has seen of them.
internal sealed class NodeViews(NodeLedger ledger, NodeDirectory directory, NodeLease lease, NodeIdentity self, HoldViews hold)
{
    // Counting costs; beyond this the exact number tells nobody more.
    private const int MostCounted = 100_000;

    public async Task<List<NodeView>> ReadAsync(CancellationToken stopping)
    {
        var (nodes, latest) = await ledger.DirectoryAsync(stopping);
        var views = new List<NodeView>(nodes.Count);
        foreach (var node in nodes)
        {
            views.Add(await ViewAsync(node, latest, stopping));
        }

        return views;
    }

    public async Task<List<SiteView>> SitesAsync(CancellationToken stopping) =>
        [.. (await ledger.ListAsync(stopping)).GroupBy(node => node.Site).OrderBy(site => site.Key, StringComparer.Ordinal)
            .Select(site => new SiteView(site.Key, site.First().SiteMode.Word(), [.. site.Select(node => node.Name)]))];

    public NodeState StateOf(NodeStanding node)
    {
        if (!node.Live)
        {
            return NodeState.Gone;
        }

        var renews = node.Name == self.Name ? lease.MayEmit(node.Epoch) : !directory.IsSilent(node);
        return renews ? NodeState.Renewing : NodeState.Silent;
    }

    private async Task<NodeView> ViewAsync(NodeStanding node, long? latest, CancellationToken stopping)
    {
        var left = await ledger.LeftoversAsync(new NodeEpoch(node.Id, node.Epoch), MostCounted, stopping);
        var leftovers = new LeftoversView(left.Segments, left.Deliveries, left.Attempts);
        var held = node.Name == self.Name ? hold.Records : node.Held;
        return new NodeView(
            node.Name, node.Site, node.Mode.Word(), node.SiteMode.Word(), node.Effective.Word(), node.Live, StateOf(node), node.Epoch, node.Counter,
            node.Version, node.ConfigurationVersion, node.ConfigurationHash, node.Live && latest is not null && node.ConfigurationVersion != latest,
            node.Reach, node.StartedAt, node.RenewedAt, leftovers, held, (!node.Live || node.Effective != NodeMode.Hot) && leftovers.IsEmpty && held == 0,
            node.Name == self.Name);
    }
}
