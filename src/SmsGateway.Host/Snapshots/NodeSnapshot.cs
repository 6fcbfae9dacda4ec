using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Snapshots;

/// <summary>What a node knew when it last had the ledger: enough to authenticate, validate, route and compute message ids.</summary>
internal sealed record NodeSnapshot
{
    private static readonly byte[] NoKey = [];

    public required string Node { get; init; }

    public required string Site { get; init; }

    /// <summary>The node's number in the ledger.</summary>
    public required short Id { get; init; }

    /// <summary>The key of the keyed hash. A secret.</summary>
    public required byte[] InstallationKey { get; init; }

    /// <summary>The last epoch. For people: it gives no right to emit.</summary>
    public required long Epoch { get; init; }

    /// <summary>The words of the modes of the node and of its site.</summary>
    public required string Mode { get; init; }

    public required string SiteMode { get; init; }

    /// <summary>The ledger's number of the configuration.</summary>
    public required long Version { get; init; }

    /// <summary>Its hash.</summary>
    public required string Hash { get; init; }

    /// <summary>The whole document in its canonical form.</summary>
    public required string Document { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The configuration, read and validated as a version from the ledger is; null when it does not validate.</summary>
    public ConfigurationSnapshot? Configuration()
    {
        var document = ConfigurationReader.Read(Document, out _);
        return document is null ? null : new ConfigurationSnapshot(Version, Hash, document);
    }

    /// <summary>This node as it stood, without a lease.</summary>
    public NodeStanding Standing() => new()
    {
        Id = Id,
        Name = Node,
        Site = Site,
        // A mode that a later version knows is one this version must not accept in.
        Mode = NodeModes.Parse(Mode) ?? NodeMode.Down,
        SiteMode = NodeModes.Parse(SiteMode) ?? NodeMode.Down,
        Epoch = Epoch,
        Counter = 0,
        StartedAt = At,
    };

    /// <summary>Whether anything but the time differs.</summary>
    public bool SaysTheSameAs(NodeSnapshot? other) =>
        other is not null && InstallationKey.AsSpan().SequenceEqual(other.InstallationKey) &&
        this with { At = default, InstallationKey = NoKey } == other with { At = default, InstallationKey = NoKey };
}
