namespace SmsGateway.Ledger;

/// <summary>A node's right to emit: who it is and since which epoch.</summary>
/// <param name="Node">The node's number in the ledger.</param>
/// <param name="Epoch">Grows with each start (and each lease).</param>
public readonly record struct NodeEpoch(short Node, long Epoch);

/// <summary>Holds who this process is in the ledger. Set once registered; safe to read from any thread.</summary>
public sealed class NodeIdentity
{
    private volatile Holder? _current;

    /// <summary>Creates the identity of a node that is not registered yet.</summary>
    /// <param name="name">The node's name, unique in the installation.</param>
    /// <param name="site">The datacentre's name.</param>
    public NodeIdentity(string name, string site)
    {
        Name = name;
        Site = site;
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>The datacentre's name.</summary>
    public string Site { get; }

    /// <summary>Whether <see cref="NodeLedger.RegisterAsync"/> has succeeded, or the node goes by what it knew before (<see cref="EnterWithoutEpoch"/>).</summary>
    public bool IsRegistered => _current is not null;

    /// <summary>Whose keys this node has; null before it has any.</summary>
    internal Guid? Installation => _current?.Keys.Fingerprint();

    /// <summary>The present epoch.</summary>
    /// <exception cref="InvalidOperationException">Not registered yet.</exception>
    public NodeEpoch Current => Registered.Epoch;

    /// <summary>The first epoch of this process: what an earlier one left is of another process.</summary>
    /// <exception cref="InvalidOperationException">Not registered yet.</exception>
    public long FirstEpoch => Registered.First;

    /// <summary>Makes the installation's keys and ids.</summary>
    /// <exception cref="InvalidOperationException">Not registered yet.</exception>
    public MessageKeys Keys => Registered.Keys;

    private Holder Registered => _current ?? throw new InvalidOperationException("The node is not registered with the ledger yet.");

    /// <summary>
    /// Goes by what was known before the ledger was out of reach: ids can be computed, and nothing can be emitted, because no node ever holds epoch 0.
    /// </summary>
    /// <param name="node">The node's number in the ledger.</param>
    /// <param name="keys">The installation's.</param>
    public void EnterWithoutEpoch(short node, MessageKeys keys) => Enter(new NodeEpoch(node, 0), keys);

    // Epoch 0 is no epoch of this process.
    internal void Enter(NodeEpoch epoch, MessageKeys keys) =>
        _current = new Holder(epoch, keys, _current is { First: > 0 } before ? before.First : epoch.Epoch);

    private sealed record Holder(NodeEpoch Epoch, MessageKeys Keys, long First);
}
