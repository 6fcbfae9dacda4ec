using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;

namespace SmsGateway.Host.Admin;

// Whether this node works with another configuration than the one in force, for longer than a change takes to arrive: because it refused the
// document, or does not hear of it.
internal sealed class ConfigurationDrift
{
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);

    private readonly NodeDirectory _directory;
    private readonly ConfigurationState _configuration;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long? _since;

    public ConfigurationDrift(NodeDirectory directory, ConfigurationState configuration, TimeProvider time)
    {
        (_directory, _configuration, _time) = (directory, configuration, time);
        directory.Read += Look;
    }

    /// <summary>What differs; null while nothing does, or not for long enough.</summary>
    public string? Reason
    {
        get
        {
            Look(); // the configuration may have come since the directory was read
            lock (_gate)
            {
                return _since is { } since && _time.GetElapsedTime(since) > Tolerated ? Describe() : null;
            }
        }
    }

    private bool Differs => _directory.LatestConfiguration is { } latest && latest != _configuration.Current.Version;

    private string Describe()
    {
        var mine = _configuration.Current;
        return $"this node works with configuration version {mine.Version} ({(mine.Hash.Length > 0 ? mine.Hash : "none")}) while the ledger has version " +
            $"{_directory.LatestConfiguration}; its log says whether it refused the document";
    }

    private void Look()
    {
        var differs = Differs;
        lock (_gate)
        {
            _since = differs ? _since ?? _time.GetTimestamp() : null;
        }
    }
}
