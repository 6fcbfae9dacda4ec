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

    /// <summary>Whether <see cref="NodeLedger.RegisterAsync"/> has succeeded.</summary>
    public bool IsRegistered => _current is not null;

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

    internal void Enter(NodeEpoch epoch, MessageKeys keys) => _current = new Holder(epoch, keys, _current?.First ?? epoch.Epoch);

    private sealed record Holder(NodeEpoch Epoch, MessageKeys Keys, long First);
}
