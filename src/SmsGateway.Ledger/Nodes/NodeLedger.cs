namespace SmsGateway.Ledger;

/// <summary>A node as the ledger knows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Site">Its datacentre.</param>
/// <param name="Mode">Its mode (<c>hot</c>).</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Version">The version of the software it started with.</param>
/// <param name="ConfigurationHash">Hash of the configuration it last reported; null when none.</param>
/// <param name="StartedAt">When it took its epoch.</param>
public sealed record NodeInfo(
    short Id, string Name, string Site, string Mode, long Epoch, string? Version, string? ConfigurationHash, DateTimeOffset StartedAt);

/// <summary>Registers this node and lists all of them.</summary>
public sealed class NodeLedger
{
    /// <summary>Takes a new epoch for this node's name and enters it into the <see cref="NodeIdentity"/>. From its COMMIT on every older epoch of the name is fenced.</summary>
    public Task<NodeEpoch> RegisterAsync(string version, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reports the configuration this node works with.</summary>
    public Task ReportConfigurationAsync(string configurationHash, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All nodes, by name.</summary>
    public Task<IReadOnlyList<NodeInfo>> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The installation's key for the keyed hash, made at migration.</summary>
    public Task<MessageKeys> ReadKeysAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
