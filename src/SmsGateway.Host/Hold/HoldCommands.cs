using System.Globalization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// hold list and hold replay: a journal in the hands of a person, on any machine that reaches the ledger. Exit codes: 0 done, 1 the ledger stands in the
// way or something could not be played, 2 the command line or the file is wrong.
internal sealed class HoldCommands(
    Func<Playback> playback, NodeLedger nodes, LedgerOptions ledger, TimeProvider time, TextWriter output, TextWriter error)
{
    // Well within the lease, so that nobody takes this process for dead while it plays.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    private long _renewedAt;

    public async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        if (args is not [("list" or "replay") and var command, var path, ..] || args.Skip(2).Any(more => more != "--force"))
        {
            await error.WriteLineAsync("usage: SmsGateway.Host hold list FILE|DIRECTORY | hold replay FILE|DIRECTORY [--force]");
            return 2;
        }

        var files = Directory.Exists(path) ? JournalDirectory.Files(path) : [path];
        if (files.Length == 0)
        {
            await output.WriteLineAsync($"{path}: no journal (*{JournalDirectory.Extension}) in it; each node has a directory of its own");
            return 0;
        }

        foreach (var file in Directory.Exists(path) ? JournalDirectory.SetAside(path) : [])
        {
            await output.WriteLineAsync($"{file}: set aside, with records that are not in the ledger; name the file to have it looked at or played");
        }

        var (code, segments) = await ReadAsync(files);
        if (command == "list" || segments.Count == 0)
        {
            return code;
        }

        // One file that cannot be read must not keep the others from being played.
        var played = await ReplayAsync(segments, args.Contains("--force"), cancellation);
        return code == 0 ? played : Math.Max(1, played);
    }

    private async Task<(int Code, List<JournalSegment> Segments)> ReadAsync(string[] files)
    {
        var code = 0;
        var segments = new List<JournalSegment>();
        foreach (var file in files)
        {
            try
            {
                var segment = JournalScan.Read(file);
                segments.Add(segment);
                await output.WriteLineAsync(Line(segment));
            }
            catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync($"{file}: {failure.Message}");
                code = 2;
            }
        }

        return (code, segments);
    }

    private static string Line(JournalSegment segment)
    {
        var kinds = HeldFact.Kinds.Where(kind => segment.Left(kind) > 0).Select(kind => $"{segment.Left(kind)} {HoldFigures.Word(kind)}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{segment.Path}: node {segment.Header.Node}, begun {segment.Header.Begun:u}, {segment.Length} octets, played to {segment.PlayedTo}; to be played: {segment.Records} records ({string.Join(", ", kinds)}), oldest {segment.Oldest:u}, newest {segment.Newest:u}, damaged stretches {segment.Damages}");
    }

    private async Task<int> ReplayAsync(List<JournalSegment> segments, bool isForced, CancellationToken cancellation)
    {
        var installation = (await nodes.ReadKeysAsync(cancellation)).Fingerprint();
        foreach (var segment in segments)
        {
            if (segment.Header.Installation != installation)
            {
                await error.WriteLineAsync($"{segment.Path}: another installation wrote it; its ids mean nothing to this ledger. Nothing was played.");
                return 2;
            }

            if (segment.Oldest is { } oldest && time.GetUtcNow() - oldest > ledger.OldestPlayed())
            {
                await error.WriteLineAsync(
                    $"{segment.Path}: WARNING: its oldest record is of {oldest:u}, older than half of Ledger:Retention ({ledger.Retention}). The ledger may have forgotten its keys: " +
                    "messages that were played or sent again meanwhile would be sent A SECOND TIME.");
                if (!isForced)
                {
                    await error.WriteLineAsync("Nothing was played. Add --force to play it all the same.");
                    return 2;
                }
            }
        }

        await nodes.RegisterAsync("hold replay", cancellation);
        _renewedAt = time.GetTimestamp();
        var code = 0;
        try
        {
            foreach (var segment in segments)
            {
                code = Math.Max(code, await PlayAsync(segment, cancellation));
            }
        }
        finally
        {
            // What was claimed waits under this epoch; whoever is live sweeps it at once.
            await nodes.LeaveAsync(CancellationToken.None);
        }

        return code;
    }

    private async Task<int> PlayAsync(JournalSegment segment, CancellationToken cancellation)
    {
        PlayedCounts counts;
        try
        {
            counts = await playback().PlayAsync(JournalScan.ReadWhole(segment.Path), segment.PlayedTo, (next, _, isParked) => RememberAsync(segment, next, isParked), cancellation);
        }
        catch (FormatException failure)
        {
            await error.WriteLineAsync($"{segment.Path}: played to octet {segment.PlayedTo} and no further: {failure.Message}");
            return 1;
        }

        await output.WriteLineAsync(
            $"{segment.Path}: {counts.Played} records played, of them {counts.Parked} parked and {counts.Rejected} rejected; {counts.TornOctets} octets of an unfinished record at its end. " +
            (segment.IsKept ? "Keep the file: what is parked was acknowledged, and is not in the ledger; it is played from its start the next time." : "The file may be deleted."));
        if (segment.IsKept)
        {
            JournalDirectory.ForgetPlayedTo(segment.Path);
        }

        return segment.IsKept ? 1 : 0;
    }

    private async ValueTask RememberAsync(JournalSegment segment, long next, bool isParked)
    {
        segment.PlayedTo = next;
        segment.IsKept |= isParked;
        try
        {
            JournalDirectory.SetPlayedTo(segment.Path, segment.Header.Salt, next, segment.IsKept);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Read-only, for instance: playing it again changes nothing.
        }

        if (time.GetElapsedTime(_renewedAt) >= RenewEvery)
        {
            _renewedAt = time.GetTimestamp();
            await nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None);
        }
    }
}
