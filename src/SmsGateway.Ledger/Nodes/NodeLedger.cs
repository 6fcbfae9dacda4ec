using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

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
    private readonly LedgerCore _core;

    internal NodeLedger(LedgerCore core) => _core = core;

    /// <summary>
    /// Takes a new epoch for this node's name and enters it, and the installation's keys, into the <see cref="NodeIdentity"/>.
    /// From its COMMIT on every older epoch of the name is fenced.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; registering again takes the next epoch.</exception>
    /// <exception cref="SchemaMismatchException">The database was never migrated.</exception>
    public async Task<NodeEpoch> RegisterAsync(string version, CancellationToken cancellationToken)
    {
        var keys = await ReadKeysAsync(cancellationToken);
        var now = _core.Time.GetUtcNow();
        var epoch = await _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.AddNode).With(_core.Node.Name).With(_core.Node.Site).With(now);
                b.Add(LedgerSql.LockNode).With(_core.Node.Name);
                b.Add(LedgerSql.RaiseEpoch).With(_core.Node.Name).With(_core.Node.Site).With(version).With(now);
            },
            async reader =>
            {
                await reader.NextResultAsync();
                await reader.ReadAsync();
                return new NodeEpoch(reader.GetInt16(0), reader.GetInt64(1));
            },
            cancellationToken);
        _core.Node.Enter(epoch, keys);
        LedgerLog.Registered(_core.Loggers.CreateLogger<NodeLedger>(), _core.Node.Name, epoch.Epoch);
        return epoch;
    }

    /// <summary>Reports the configuration this node works with.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task ReportConfigurationAsync(string configurationHash, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var context = Context();
        var id = _core.Node.Current.Node;
        return await context.Nodes.Where(n => n.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.ConfigurationHash, configurationHash), cancellationToken);
    });

    /// <summary>All nodes, by name.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<NodeInfo>> ListAsync(CancellationToken cancellationToken) => LedgerCore.TranslatedAsync<IReadOnlyList<NodeInfo>>(async () =>
    {
        await using var context = Context();
        return await context.Nodes.OrderBy(n => n.Name)
            .Select(n => new NodeInfo(n.Id, n.Name, n.Site, n.Mode, n.Epoch, n.Version, n.ConfigurationHash, n.StartedAt))
            .ToListAsync(cancellationToken);
    });

    /// <summary>The installation's key for the keyed hash, made at migration.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    /// <exception cref="SchemaMismatchException">The database was never migrated.</exception>
    public Task<MessageKeys> ReadKeysAsync(CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var context = Context();
        var installation = await context.Installations.AsNoTracking().SingleOrDefaultAsync(cancellationToken)
            ?? throw new SchemaMismatchException("The installation has no key yet: run `SmsGateway.Host migrate`.");
        return new MessageKeys(installation.Key);
    });

    private LedgerDbContext Context() => new(LedgerDbContext.OptionsFor(_core.Connections.Cold));
}
