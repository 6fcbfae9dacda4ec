using Microsoft.AspNetCore.Http.HttpResults;
using SmsGateway.Host.Hold;

namespace SmsGateway.Host.Admin;

/// <summary>What this node's journal is doing.</summary>
internal enum HoldState
{
    /// <summary>Hold:Enabled is false, and no earlier journal waits: without the ledger everything is refused.</summary>
    Off,

    /// <summary>The ledger answers, and nothing waits.</summary>
    Ready,

    /// <summary>The ledger is away; what comes in is taken into the journal.</summary>
    OnHold,

    /// <summary>The ledger is away and the journal takes no more.</summary>
    Full,

    /// <summary>The ledger answers; the journal is being played into it.</summary>
    Playing,

    /// <summary>The ledger answers; a journal waits for an operator.</summary>
    LeftAlone,
}

/// <summary>One file of the journal. Damages: stretches that could not be read at the start. Left alone: too old to be played by itself, or of another installation.</summary>
internal sealed record HoldFileView(
    string Path, string Node, DateTimeOffset Begun, long Bytes, long PlayedBytes, long Records, DateTimeOffset? Oldest, DateTimeOffset? Newest, int Damages,
    bool LeftAlone);

/// <summary>A file that an earlier process wrote and that cannot be read: what is in it was acknowledged.</summary>
internal sealed record UnreadableFileView(string Path, string Reason);

/// <summary>Hold on this node.</summary>
internal sealed record HoldView(
    HoldState State, DateTimeOffset? Since, string? Reason, string? WhyFull, long Records, IReadOnlyDictionary<string, long> ByKind, long Bytes,
    double? OldestSeconds, long Taken, long Refused, long Played, long Parked, long Rejected, string? Directory, IReadOnlyList<HoldFileView> Files,
    IReadOnlyList<UnreadableFileView> Unreadable);

// What Holding and Backfill know, put together for health, admin and metrics.
internal sealed class HoldViews(Holding holding, Backfill backfill, HoldFigures figures, TimeProvider time)
{
    public HoldState State => holding.IsOn ? holding.WhyNot is null ? HoldState.OnHold : HoldState.Full
        : !backfill.IsDone ? HoldState.Playing
        : Held > 0 ? HoldState.LeftAlone
        : holding.Takes ? HoldState.Ready
        : HoldState.Off;

    /// <summary>Not in the ledger yet: records, and one for each file that cannot be read.</summary>
    public long Held => holding.Journal?.Held ?? 0;

    public long Records => holding.Journal?.Records ?? 0;

    public long Bytes => holding.Journal?.Bytes ?? 0;

    public TimeSpan? Age => holding.Journal?.Oldest is { } oldest ? time.GetUtcNow() - oldest : null;

    public HoldView Read()
    {
        var segments = holding.Journal?.Segments ?? [];
        var files = segments.Select(segment => new HoldFileView(
            segment.Path, segment.Header.Node, segment.Header.Begun, segment.Length, segment.PlayedTo, segment.Records, segment.Oldest, segment.Newest,
            segment.Damages, backfill.IsLeftAlone(segment))).ToList();
        var unreadable = (holding.Journal?.Unreadable ?? []).Select(static file => new UnreadableFileView(file.Path, file.Reason)).ToList();
        var kinds = HeldFact.Kinds.ToDictionary(HoldFigures.Word, kind => segments.Sum(segment => segment.Left(kind)));
        return new HoldView(
            State, holding.Since, holding.Reason, holding.Journal?.WhyFull, Records, kinds, Bytes, Age?.TotalSeconds, figures.TakenInAll, figures.RefusedInAll,
            figures.PlayedInAll, figures.ParkedInAll, figures.RejectedInAll, holding.Journal?.FullPath, files, unreadable);
    }

    /// <summary>One sentence for health; null when there is nothing to say.</summary>
    public string? Sentence() => State switch
    {
        HoldState.OnHold => $"on hold since {holding.Since:u}: {Records} records are durable on this node's disk only",
        HoldState.Full => $"on hold and full: {holding.WhyNot}",
        HoldState.Playing => $"{Records} records of the journal are still to be played into the ledger",
        HoldState.LeftAlone when Held > Records => $"{Records} records and {Held - Records} unreadable files of the journal wait for an operator (GET /admin/v1/hold)",
        HoldState.LeftAlone => $"{Records} records of the journal wait for an operator (GET /admin/v1/hold)",
        _ => null,
    };
}

internal static class HoldEndpoints
{
    public static void MapHold(this RouteGroupBuilder group) => group.MapGet("/hold", static Ok<HoldView> (HoldViews views) => TypedResults.Ok(views.Read()))
        .WithTags("Hold").WithSummary("This node's journal: what it took without the ledger, and what of it is still to be played")
        .WithDescription("Other nodes list their own; how many records a node holds stands under /nodes. Counts are since the process began.");
}
