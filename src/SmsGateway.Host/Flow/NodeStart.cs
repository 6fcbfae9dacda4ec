using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The first thing a node does, before any listener opens or any carrier is called: checks the schema and takes
// a new epoch, which fences whatever an older process of this name still has in its hands.
internal sealed partial class NodeStart(
    LedgerConnections connections,
    NodeLedger nodes,
    NodeIdentity identity,
    NodeDirectory directory,
    DeliveryFeed feed,
    LedgerHealth health,
    Deliveries deliveries,
    ILogger<NodeStart> logger)
{
    /// <summary>The version of this build, as the node's row has it.</summary>
    public static readonly string Version = typeof(NodeStart).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <exception cref="SchemaMismatchException">The message says what to do.</exception>
    /// <exception cref="NodeNameTakenException">Another process renews the lease of this name.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be reached or is not durable.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SchemaCheck.EnsureSuitsAsync(connections, cancellationToken).ConfigureAwait(false);
        await RefuseClockAsync(cancellationToken).ConfigureAwait(false);
        feed.Subscribe(deliveries.Offer);
        var epoch = await nodes.RegisterAsync(Version, cancellationToken).ConfigureAwait(false);

        // Before anything opens: a node that an operator took out of traffic comes back like that.
        var (all, latest) = await nodes.DirectoryAsync(cancellationToken).ConfigureAwait(false);
        directory.Take(all, static _ => false, latest);
        Registered(logger, identity.Name, identity.Site, epoch.Epoch, Version);
    }

    // Later on it is a reason not to be ready; a node that starts like that would stamp every message wrongly.
    private async Task RefuseClockAsync(CancellationToken cancellationToken)
    {
        var offset = (await health.CheckAsync(cancellationToken).ConfigureAwait(false)).ClockOffset;
        if (offset.Duration() > LedgerHealth.MostClockOffset)
        {
            throw new LedgerUnavailableException(
                $"This machine's clock is {offset.TotalSeconds:0.0} s ahead of the ledger's; at most {LedgerHealth.MostClockOffset.TotalSeconds:0} s either way are allowed. Set the clock (NTP).");
        }
    }

    [LoggerMessage(4301, LogLevel.Information, "Node {Node} of site {Site} has epoch {Epoch}, version {Version}")]
    private static partial void Registered(ILogger logger, string node, string site, long epoch, string version);

    // Next free id in Flow: 4302.
}
