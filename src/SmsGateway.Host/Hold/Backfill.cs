using System.Collections.Concurrent;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// Plays this node's journal into the ledger whenever there is one, the ledger answers and the lease is valid. New submissions go to the ledger meanwhile.
internal sealed partial class Backfill(
    Holding holding,
    Playback playback,
    IEnumerable<ProofsUntold> proofs,
    NodeIdentity node,
    NodeLease lease,
    LedgerOptions ledger,
    TimeProvider time,
    ILogger<Backfill> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // What keeps proofs from being told must not keep the journal from being played: an MO that is suppressed for it is listed.
    private static readonly TimeSpan MostForProofs = TimeSpan.FromSeconds(30);
    private readonly ProofsUntold[] _proofs = [.. proofs];
    private readonly HashSet<string> _leftAlone = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _unreadable = new(StringComparer.Ordinal); // for good; a disk that fails is asked again
    private volatile bool _playing;
    private bool _failing;
    private (CancellationToken Lost, long Since)? _waitsForProofs;

    /// <summary>A journal is being played.</summary>
    public bool IsPlaying => _playing;

    /// <summary>Whether anything is left that this loop will play; what the disk does not give yet is.</summary>
    public bool IsDone => holding.Journal is not { } journal
        || (journal.Segments.All(segment => segment.Records == 0 || IsLeftAlone(segment)) && journal.Unreadable.All(static file => file.IsForGood));

    /// <summary>Whether a file is too old, or of another installation: for a person to decide.</summary>
    public bool IsLeftAlone(JournalSegment segment) => WhyLeftAlone(segment) is not null;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        holding.Open();
        if (holding.Journal is { } journal)
        {
            await LeaveAloneAsync(journal).ConfigureAwait(false); // before anybody asks whether there is room
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>At a stop: waits while what is held is being played, and says what stays on the disk. The caller's token bounds it.</summary>
    public async Task PlayedAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), time);
        try
        {
            while (!IsDone && !holding.IsOn && await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            if (holding.Journal is { Held: > 0 } journal)
            {
                LeftOnDisk(logger, journal.Held, journal.FullPath);
            }
        }
    }

    /// <summary>One look.</summary>
    internal async Task PassAsync(CancellationToken stopping)
    {
        if (holding.Journal is not { } journal)
        {
            return;
        }

        await LeaveAloneAsync(journal).ConfigureAwait(false);
        var lost = holding.LedgerLost; // before the look
        if (holding.IsOn || !lease.IsValid || WaitsForProofs(lost))
        {
            return;
        }

        journal.ReadAgain();
        if (journal.Segments.Count == 0)
        {
            return;
        }

        foreach (var segment in await journal.SealAsync().ConfigureAwait(false))
        {
            if (WhyLeftAlone(segment) is not { } reason)
            {
                await PlayAsync(journal, segment, stopping).ConfigureAwait(false);
            }
            else
            {
                LeaveAlone(journal, segment, reason);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await GuardedAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The only way this loop ends.
        }
    }

    private bool WaitsForProofs(CancellationToken lost)
    {
        if (!Array.Exists(_proofs, untold => untold(lost)))
        {
            return false;
        }

        if (_waitsForProofs is not { } waits || waits.Lost != lost)
        {
            _waitsForProofs = waits = (lost, time.GetTimestamp());
        }

        return time.GetElapsedTime(waits.Since) < MostForProofs;
    }

    // Also while nothing can be played: a file that waits for a person keeps nothing out, however long the outage. Sealed first, so that nothing new goes into it.
    private async Task LeaveAloneAsync(Journal journal)
    {
        if (!journal.Segments.Any(segment => !segment.IsLeftAlone && IsLeftAlone(segment)))
        {
            return;
        }

        foreach (var segment in await journal.SealAsync().ConfigureAwait(false))
        {
            if (WhyLeftAlone(segment) is { } reason)
            {
                LeaveAlone(journal, segment, reason);
            }
        }
    }

    private void LeaveAlone(Journal journal, JournalSegment segment, string reason)
    {
        journal.LeaveAlone(segment);
        if (_leftAlone.Add(segment.Path))
        {
            LeftAlone(logger, segment.Path, segment.Records, reason);
        }
    }

    private string? WhyLeftAlone(JournalSegment segment) => _unreadable.TryGetValue(segment.Path, out var unreadable)
        ? "it cannot be read: " + unreadable
        : node.IsRegistered && segment.Header.Installation != node.Keys.Fingerprint()
        ? "another installation wrote it"
        : segment.Oldest is { } oldest && time.GetUtcNow() - oldest > ledger.OldestPlayed()
            ? $"it is older than half of Ledger:Retention, and its keys may be forgotten; look at it with 'hold list', and play it with 'hold replay FILE --force'"
            : null;

    private async Task GuardedAsync(CancellationToken stopping)
    {
        try
        {
            await PassAsync(stopping).ConfigureAwait(false);
            _failing = false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (error is LedgerUnavailableException)
            {
                holding.LedgerIsAway(error.Message);
            }

            if (!_failing)
            {
                _failing = true;
                NotPlayed(logger, error.Message);
            }
        }
    }

    private async Task PlayAsync(Journal journal, JournalSegment segment, CancellationToken stopping)
    {
        _playing = true;
        try
        {
            var started = time.GetTimestamp();
            var counts = default(PlayedCounts);
            if (segment.Length > JournalHeader.Length)
            {
                // No further than what was acknowledged: what a failing disk kept behind that was refused, and its senders came again.
                var octets = await File.ReadAllBytesAsync(segment.Path, stopping).ConfigureAwait(false);
                var acknowledged = octets.AsMemory(0, (int)Math.Min(octets.Length, segment.IsOurs ? segment.Length : octets.Length));
                counts = await playback.PlayAsync(acknowledged, segment.PlayedTo, (next, kinds, isParked) => Played(journal, segment, next, kinds, isParked), stopping).ConfigureAwait(false);
            }

            journal.Remove(segment, isKept: counts.TornOctets > 0);
            Done(logger, segment.Path, counts.Played, counts.Parked, counts.Rejected, (long)time.GetElapsedTime(started).TotalMilliseconds);
            if (counts.TornOctets > 0)
            {
                Torn(logger, segment.Path, counts.TornOctets);
            }
        }
        catch (FormatException error)
        {
            // One file that cannot be read must not keep the others from being played.
            _unreadable[segment.Path] = error.Message;
        }
        finally
        {
            _playing = false;
        }
    }

    private static ValueTask Played(Journal journal, JournalSegment segment, long next, IEnumerable<FactKind> kinds, bool isParked)
    {
        journal.Played(segment, next, kinds, isParked);
        try
        {
            JournalDirectory.SetPlayedTo(segment.Path, segment.Header.Salt, next, segment.IsKept);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk: after a crash it is played again from further back, which changes nothing.
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(4731, LogLevel.Information, "The journal {Path} is in the ledger: {Played} records, of them {Parked} parked and {Rejected} rejected, in {Milliseconds} ms")]
    private static partial void Done(ILogger logger, string path, long played, long parked, long rejected, long milliseconds);

    [LoggerMessage(4732, LogLevel.Warning, "The journal {Path} ends with {Octets} octets of a record that was never finished, and so never acknowledged; it is kept as .damaged")]
    private static partial void Torn(ILogger logger, string path, long octets);

    [LoggerMessage(4733, LogLevel.Error, "The journal {Path} ({Records} records) is not played: {Reason}")]
    private static partial void LeftAlone(ILogger logger, string path, long records, string reason);

    [LoggerMessage(4734, LogLevel.Warning, "The journal could not be played to its end; tried again each second (said once per outage): {Reason}")]
    private static partial void NotPlayed(ILogger logger, string reason);

    [LoggerMessage(4735, LogLevel.Warning, "{Records} records stay in the journal in {Path}: this node plays them at its next start, or 'hold replay' does it from anywhere")]
    private static partial void LeftOnDisk(ILogger logger, long records, string path);

    // Next free id of the backfill: 4736.
}
