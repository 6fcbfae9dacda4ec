using SmsGateway.Host.Configuration;
using SmsGateway.Host.Snapshots;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The first thing a node does, before any listener opens or any carrier is called: checks the schema and takes a new epoch, which fences whatever an
// older process of this name still has in its hands. Where the ledger is out of reach, the node goes by what it knew last, and LeaseLoop
// does all this when the ledger answers: until then nothing is emitted.
internal sealed partial class NodeStart(
    EntryChecks checks,
    NodeLedger nodes,
    NodeIdentity identity,
    NodeDirectory directory,
    DeliveryFeed feed,
    Deliveries deliveries,
    ConfigurationState configuration,
    StartedFrom started,
    TimeProvider time,
    ILogger<NodeStart> logger,
    SnapshotFiles? snapshots = null)
{
    /// <summary>The version of this build, as the node's row has it.</summary>
    public static readonly string Version = typeof(NodeStart).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <exception cref="SchemaMismatchException">The message says what to do.</exception>
    /// <exception cref="ClockMismatchException">The message says by how much.</exception>
    /// <exception cref="NodeNameTakenException">Another process renews the lease of this name.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be reached or is not durable, and there is no snapshot to start from.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        feed.Subscribe(deliveries.Offer);
        if (snapshots?.ReadMark() is { } mark)
        {
            nodes.Remember(mark);
        }

        NodeEpoch epoch;
        try
        {
            await checks.RunAsync(cancellationToken).ConfigureAwait(false);
            epoch = await nodes.RegisterAsync(Version, cancellationToken).ConfigureAwait(false);

            // Before anything opens: a node that an operator took out of traffic comes back like that.
            var (all, latest) = await nodes.DirectoryAsync(cancellationToken).ConfigureAwait(false);
            directory.Take(all, static _ => false, latest);
        }
        catch (LedgerUnavailableException error) when (snapshots is { MayStart: true })
        {
            GoBySnapshot(snapshots, error);
            return;
        }

        Registered(logger, identity.Name, identity.Site, epoch.Epoch, Version);
    }

    private void GoBySnapshot(SnapshotFiles files, LedgerUnavailableException error)
    {
        NodeSnapshot snapshot;
        try
        {
            snapshot = files.Read() ?? throw new SealedFileException($"There is no snapshot of this node to start from ({files.Path}).");
        }
        catch (SealedFileException unusable)
        {
            throw new LedgerUnavailableException(unusable.Message, error);
        }

        // Registered meanwhile, when only the directory could not be read any more: the epoch stays unused.
        if (!identity.IsRegistered)
        {
            identity.EnterWithoutEpoch(snapshot.Id, new MessageKeys(snapshot.InstallationKey));
        }

        configuration.Swap(snapshot.Configuration()!);
        directory.Take([snapshot.Standing()], static _ => false, snapshot.Version);
        started.Snapshot = $"started from the snapshot of {snapshot.At:u} (configuration version {snapshot.Version})";
        FromSnapshot(logger, snapshot.At, time.GetUtcNow() - snapshot.At, snapshot.Version, files.Path, error.Message);
    }

    [LoggerMessage(4301, LogLevel.Information, "Node {Node} of site {Site} has epoch {Epoch}, version {Version}")]
    private static partial void Registered(ILogger logger, string node, string site, long epoch, string version);

    [LoggerMessage(4803, LogLevel.Warning, "Started from the snapshot of {At} ({Age} old, configuration version {Version}, {Path}); nothing is emitted until the ledger gives an epoch: {Reason}")]
    private static partial void FromSnapshot(ILogger logger, DateTimeOffset at, TimeSpan age, long version, string path, string reason);

    // Next free id in Flow: 4302.
}
