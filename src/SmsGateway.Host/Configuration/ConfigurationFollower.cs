using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>Brings each new version from the ledger into force. One that does not read or validate is refused and the one before it stays.</summary>
/// <remarks>The first is in force before anything that starts later asks for it. Start it after the node has registered itself.</remarks>
internal sealed partial class ConfigurationFollower(
    ConfigurationStore store, ConfigurationState state, ILogger<ConfigurationFollower> logger) : BackgroundService
{
    private const int MaxErrorsLogged = 20;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await store.LatestAsync(cancellationToken) is { } latest)
            {
                TryTake(latest);
            }
            else
            {
                Empty(logger);
            }
        }
        catch (LedgerUnavailableException) when (state.Current.Version > 0)
        {
            // The node goes by its snapshot; newer versions come when the ledger answers.
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Puts a version in force, or says why not.</summary>
    public bool TryTake(ConfigurationVersion version)
    {
        var document = ConfigurationReader.Read(version.Document, out var errors);
        if (document is null)
        {
            Refused(logger, version.Version, errors.Count, state.Current.Version);
            foreach (var error in errors.Take(MaxErrorsLogged))
            {
                Mistake(logger, version.Version, error);
            }

            return false;
        }

        state.Swap(new ConfigurationSnapshot(version.Version, version.Hash, document));
        InForce(logger, version.Version, version.Hash, document.Accounts.Count, document.Carriers.Count, document.Routes.Count);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var version in store.WatchAsync(state.Current.Version, stoppingToken))
            {
                TryTake(version);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    [LoggerMessage(7500, LogLevel.Information, "Configuration version {Version} ({Hash}) is in force: {Accounts} accounts, {Carriers} carriers, {Routes} routes")]
    private static partial void InForce(ILogger logger, long version, string hash, int accounts, int carriers, int routes);

    [LoggerMessage(7501, LogLevel.Error, "Configuration version {Version} has {Errors} mistakes and is refused; version {Kept} stays in force")]
    private static partial void Refused(ILogger logger, long version, int errors, long kept);

    [LoggerMessage(7502, LogLevel.Error, "Configuration version {Version}: {Mistake}")]
    private static partial void Mistake(ILogger logger, long version, string mistake);

    [LoggerMessage(7503, LogLevel.Warning, "The ledger has no configuration: nobody can log in until 'SmsGateway.Host config apply FILE'")]
    private static partial void Empty(ILogger logger);

    // Next free id in Configuration: 7504.
}
