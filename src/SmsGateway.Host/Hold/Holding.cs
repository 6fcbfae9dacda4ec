using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// On hold or not, in one place: whoever was left without an answer by the ledger says so here, whoever has something for it asks here first, and what is
// taken here is on this node's disk when it is acknowledged.
internal sealed partial class Holding : IAsyncDisposable
{
    private readonly HoldOptions _options;
    private readonly LedgerGate _gate;
    private readonly NodeIdentity _node;
    private readonly HoldFigures _figures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile Journal? _journal;

    public Holding(IOptions<HoldOptions> options, LedgerGate gate, NodeIdentity node, HoldFigures figures, TimeProvider time, ILogger<Holding> logger)
    {
        (_options, _gate, _node, _figures, _time, _logger) = (options.Value, gate, node, figures, time, logger);
    }

    /// <summary>Null before <see cref="Open"/>, and where hold is off and no earlier process left a journal.</summary>
    public Journal? Journal => _journal;

    /// <summary>Facts are taken while the ledger is away. With hold off a journal is only played.</summary>
    public bool Takes => _options.Enabled && _journal is not null;

    /// <summary>The ledger is away, and this node goes on without it.</summary>
    public bool IsOn => _gate.IsAway && Takes;

    /// <summary>Since when the ledger is away; null while it is not.</summary>
    public DateTimeOffset? Since => _gate.Since;

    /// <summary>Why the ledger counts as away.</summary>
    public string? Reason => _gate.Reason;

    /// <summary>Cancelled when the ledger is found to be away: nobody need wait for it any longer. Ask before <see cref="IsOn"/>.</summary>
    public CancellationToken LedgerLost => _gate.Lost;

    /// <summary>Why nothing can be held; null when it can.</summary>
    public string? WhyNot => _options.Enabled ? _journal?.WhyFull : "hold is off (Hold:Enabled)";

    /// <summary>Opens the journal, if this node is to have one, or has one of an earlier process. Before anything is accepted; twice is once.</summary>
    /// <exception cref="HoldDirectoryException">Its directory cannot be used; the message says what to do.</exception>
    public void Open()
    {
        var path = Path.Combine(_options.Directory, _node.Name);
        if (_journal is null && (_options.Enabled || JournalDirectory.HasFiles(path)))
        {
            var directory = JournalDirectory.Open(path);
            _journal = new Journal(directory, FileLayer(), () => _node.Keys.Fingerprint(), _node.Name, _options, _figures, _time, _logger);
            Opened(_logger, directory.FullPath, _journal.Records);
        }
    }

    /// <summary>The ledger left somebody without an answer.</summary>
    public void LedgerIsAway(string reason)
    {
        if (Takes && _gate.Close(reason))
        {
            On(_logger, reason);
        }
    }

    /// <summary>The ledger has committed something.</summary>
    public void LedgerAnswers()
    {
        if (_gate.Open() is { } away)
        {
            Off(_logger, away, _journal?.Records ?? 0);
        }
    }

    /// <summary>Takes a fact; the callback is told when it is on the disk, or why it is not.</summary>
    /// <returns>False when nothing can be held; the callback is not called then.</returns>
    public bool TryTake(HeldFact fact, Committed<HeldFact, bool> taken) => Takes && _journal!.TryTake(fact, taken);

    /// <summary>Takes a fact and returns when it is on the disk.</summary>
    /// <returns>False when it could not be held.</returns>
    public ValueTask<bool> TakeAsync(HeldFact fact) => Takes ? _journal!.TakeAsync(fact) : ValueTask.FromResult(false);

    public async ValueTask DisposeAsync()
    {
        if (_journal is { } journal)
        {
            await journal.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IJournalFiles FileLayer()
    {
        IJournalFiles files = new DiskFiles();
#if DRILL
        if (Environment.GetEnvironmentVariable("SMSGATEWAY_JOURNAL") == "drops-unsynced")
        {
            files = new ForgetfulFiles(files);
        }
#endif
        return files;
    }

    [LoggerMessage(4711, LogLevel.Information, "The journal of this node is in {Path}; {Records} records in it are to be played")]
    private static partial void Opened(ILogger logger, string path, long records);

    [LoggerMessage(4712, LogLevel.Warning, "On hold: the ledger is away; what comes in is taken into the journal of this node, and nothing is emitted without a lease: {Reason}")]
    private static partial void On(ILogger logger, string reason);

    [LoggerMessage(4713, LogLevel.Warning, "The ledger answers again after {Away}; {Records} records are to be played into it")]
    private static partial void Off(ILogger logger, TimeSpan away, long records);

    // Next free id of holding: 4714.
}
