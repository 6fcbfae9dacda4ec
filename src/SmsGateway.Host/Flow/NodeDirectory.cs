using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// All nodes as this one last saw them, at most a second or two old: who is live, in which mode, whom each can reach. Written by
// LeaseLoop, read by everyone through one volatile snapshot. A hint for hand-overs; the ledger decides.
internal sealed class NodeDirectory(NodeIdentity identity)
{
    private volatile Snapshot _current = Snapshot.Empty;
    private int _turn;

    /// <summary>Raised after each reading; handlers must be quick and must not throw.</summary>
    public event Action? Read;

    /// <summary>All nodes, by name.</summary>
    public IReadOnlyList<NodeStanding> Nodes => _current.Nodes;

    /// <summary>This node's row; null before the first reading.</summary>
    public NodeStanding? Self => _current.Self;

    /// <summary>What this node is allowed to do. Hot before the first reading.</summary>
    public NodeMode Mode => _current.Self?.Effective ?? NodeMode.Hot;

    /// <summary>Other nodes that are live, were seen to renew lately and are hot: whom something can be handed to.</summary>
    public IReadOnlyList<NodeStanding> Peers => _current.Peers;

    /// <summary>The configuration version in force by the ledger; null when none was ever applied.</summary>
    public long? LatestConfiguration => _current.LatestConfiguration;

    /// <summary>Whether a node holds a lease but has not been seen to renew it for as long as it can last.</summary>
    public bool IsSilent(NodeStanding node) => _current.Silent.Contains(node.Id);

    /// <summary>Nodes that hold no lease: what they still own is swept.</summary>
    public IReadOnlyList<NodeStanding> Gone => _current.Gone;

    /// <summary>Whether another hot node has a live bind of a connector.</summary>
    public bool IsLiveElsewhere(string connector) => _current.ByCarrier.ContainsKey(connector);

    /// <summary>Whether any connector at all is live at another hot node.</summary>
    public bool IsAnyLiveElsewhere => _current.ByCarrier.Count > 0;

    /// <summary>Whether an account has a receiving bind at another hot node.</summary>
    public bool IsReachedElsewhere(string account) => _current.ByAccount.ContainsKey(account);

    /// <summary>A peer with a live bind of a connector, each in turn; null when there is none.</summary>
    public NodeStanding? PeerForCarrier(string connector) => InTurn(_current.ByCarrier, connector);

    /// <summary>A peer where an account has a receiving bind, each in turn; null when there is none.</summary>
    public NodeStanding? PeerForAccount(string account) => InTurn(_current.ByAccount, account);

    /// <summary>Any peer, each in turn; null when this node is alone.</summary>
    public NodeStanding? AnyPeer() => Next(_current.Peers);

    /// <summary>Takes a reading.</summary>
    /// <param name="nodes">All nodes, by name.</param>
    /// <param name="isSilent">Whether a node has not been seen to renew for as long as its lease can last.</param>
    /// <param name="latestConfiguration">The version in force.</param>
    public void Take(IReadOnlyList<NodeStanding> nodes, Func<NodeStanding, bool> isSilent, long? latestConfiguration)
    {
        var self = nodes.FirstOrDefault(node => node.Name == identity.Name);
        var silent = nodes.Where(node => node.Live && node.Name != identity.Name && isSilent(node)).Select(node => node.Id).ToHashSet();
        var peers = nodes.Where(node => node.Live && node.Effective == NodeMode.Hot && node.Name != identity.Name && !silent.Contains(node.Id)).ToList();
        _current = new Snapshot(
            nodes,
            self,
            peers,
            nodes.Where(node => !node.Live && node.Name != identity.Name).ToList(),
            silent,
            By(peers, peer => peer.Reach.Accounts),
            By(peers, peer => peer.Reach.Carriers),
            latestConfiguration);
        Read?.Invoke();
    }

    private static Dictionary<string, List<NodeStanding>> By(List<NodeStanding> peers, Func<NodeStanding, IReadOnlyList<string>> names)
    {
        var by = new Dictionary<string, List<NodeStanding>>(StringComparer.Ordinal);
        foreach (var peer in peers)
        {
            foreach (var name in names(peer))
            {
                if (!by.TryGetValue(name, out var some))
                {
                    by[name] = some = [];
                }

                some.Add(peer);
            }
        }

        return by;
    }

    private NodeStanding? InTurn(Dictionary<string, List<NodeStanding>> by, string name) => by.TryGetValue(name, out var some) ? Next(some) : null;

    private NodeStanding? Next(IReadOnlyList<NodeStanding> some) =>
        some.Count == 0 ? null : some[(int)((uint)Interlocked.Increment(ref _turn) % (uint)some.Count)];

    private sealed record Snapshot(
        IReadOnlyList<NodeStanding> Nodes,
        NodeStanding? Self,
        IReadOnlyList<NodeStanding> Peers,
        IReadOnlyList<NodeStanding> Gone,
        HashSet<short> Silent,
        Dictionary<string, List<NodeStanding>> ByAccount,
        Dictionary<string, List<NodeStanding>> ByCarrier,
        long? LatestConfiguration)
    {
        public static Snapshot Empty { get; } = new([], null, [], [], [], [], [], null);
    }
}
