using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Snapshots;

// Writes down what this node knows, whenever it is news: with each reading of the directory (once a second) it is compared with what was written
// last. Only what the ledger itself has said is written, never what was read from a snapshot.
internal sealed partial class SnapshotKeeper : BackgroundService
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);

    private readonly SnapshotFiles _files;
    private readonly NodeIdentity _node;
    private readonly NodeLease _lease;
    private readonly NodeLedger _nodes;
    private readonly NodeDirectory _directory;
    private readonly ConfigurationState _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeSignal _news = new();
    private readonly IDisposable _following;
    private NodeSnapshot? _written;
    private (long Version, string Hash, string Document) _document;
    private NodeMark? _markWritten;
    private bool _failing;

    public SnapshotKeeper(
        SnapshotFiles files, NodeIdentity node, NodeLease lease, NodeLedger nodes, NodeDirectory directory, ConfigurationState configuration, TimeProvider time,
        ILogger<SnapshotKeeper> logger)
    {
        (_files, _node, _lease, _nodes, _directory, _configuration, _time, _logger) = (files, node, lease, nodes, directory, configuration, time, logger);
        directory.Read += _news.Set;
        _following = configuration.Follow(_ => _news.Set());
    }

    /// <summary>Writes what is news.</summary>
    internal void Write()
    {
        if (_nodes.Mark is { } mark && mark != _markWritten)
        {
            _files.WriteMark(mark);
            _markWritten = mark;
        }

        if (Present() is { } present && !present.SaysTheSameAs(_written))
        {
            _files.Write(present);
            _written = present;
            Written(_logger, present.Version, present.Epoch, _files.Path);
        }
    }

    public override void Dispose()
    {
        _directory.Read -= _news.Set;
        _following.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(stoppingToken).ConfigureAwait(false);
                try
                {
                    Write();
                    _failing = false;
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    if (!_failing)
                    {
                        NotWritten(_logger, error.Message);
                        _failing = true;
                    }

                    await Task.Delay(TryAgain, _time, stoppingToken).ConfigureAwait(false);
                    _news.Set();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    // Epoch 0: this node goes by a snapshot itself.
    private NodeSnapshot? Present()
    {
        var configuration = _configuration.Current;
        if (!_node.IsRegistered || _lease.Epoch == 0 || configuration.Version == 0 || _directory.Self is not { } self)
        {
            return null;
        }

        if (_document.Version != configuration.Version || _document.Hash != configuration.Hash)
        {
            _document = (configuration.Version, configuration.Hash, ConfigurationJson.Canonical(configuration.Document));
        }

        return new NodeSnapshot
        {
            Node = _node.Name,
            Site = _node.Site,
            Id = self.Id,
            InstallationKey = _node.Keys.InstallationKey.ToArray(),
            Epoch = _lease.Epoch,
            Mode = self.Mode.Word(),
            SiteMode = self.SiteMode.Word(),
            Version = configuration.Version,
            Hash = configuration.Hash,
            Document = _document.Document,
            At = _time.GetUtcNow(),
        };
    }

    [LoggerMessage(4801, LogLevel.Information, "Configuration version {Version} and epoch {Epoch} are in the snapshot {Path}")]
    private static partial void Written(ILogger logger, long version, long epoch, string path);

    [LoggerMessage(4802, LogLevel.Error, "The snapshot cannot be written; without a good one this node cannot start while the ledger is away (said once per outage): {Reason}")]
    private static partial void NotWritten(ILogger logger, string reason);

    // Next free id here and in Flow/NodeStart and Flow/LeaseLoop: 4806 (4800 to 4899).
}
