using System.Security.Cryptography;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

/// <summary>What a playback did.</summary>
internal readonly record struct PlayedCounts(long Played, long Parked, long Rejected, long TornOctets);

// Plays a journal into the ledger, in its order, some hundred records at a time through the ledger's own group commits. Everything in it may be played any
// number of times: a claim knows its own nonce, all else its own row. A record that the ledger refuses for what is in it, or that cannot be read, goes to the
// parked list and stops nothing; the ledger away stops it here, and it begins again at the first record of which it is not known that it is in.
internal sealed partial class Playback(
    ClaimLedger claims, ReceiptLedger receipts, MoLedger mos, OutcomeLedger outcomes, OutboxLedger outbox, HoldFigures figures, TimeProvider time,
    ILogger<Playback> logger)
{
    // At most so many and so much in flight.
    private const int MostRecords = 500;
    private const int MostOctets = 4 << 20;

    // Of a damaged stretch on the parked list.
    private const int MostParkedOctets = 64 << 10;

    /// <summary>Called after each stretch that is in the ledger: where the next one begins, the kinds of its records, and whether something of it was parked.</summary>
    internal delegate ValueTask Progress(long next, IEnumerable<FactKind> kinds, bool isParked);

    /// <summary>Plays what is left of a journal.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger is away; play it again later.</exception>
    /// <exception cref="FencedException">This node has another epoch by now; play it again under that.</exception>
    /// <exception cref="FormatException">It is no journal, or a later version of the program wrote in it what this one does not know.</exception>
    public async Task<PlayedCounts> PlayAsync(ReadOnlyMemory<byte> file, long from, Progress progress, CancellationToken cancellation)
    {
        var reader = new JournalReader(file, from);
        var counts = default(PlayedCounts);
        JournalItem? left = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (chunk, next) = Take(reader, left);
            left = next;
            if (chunk.Next == 0)
            {
                return counts with { TornOctets = reader.TornOctets };
            }

            await PlayAsync(chunk, reader.Header, cancellation).ConfigureAwait(false);
            counts = new PlayedCounts(counts.Played + chunk.Facts.Count, counts.Parked + chunk.Poison.Count, counts.Rejected + chunk.Losers.Count, 0);
            await progress(chunk.Next, Kinds(chunk), chunk.Poison.Count > 0).ConfigureAwait(false);
        }
    }

    // A chunk ends before a key that is in it already: two contents for one key must reach the ledger in their order.
    private static (PlayedChunk Chunk, JournalItem? Left) Take(JournalReader reader, JournalItem? left)
    {
        var chunk = new PlayedChunk();
        var ids = new HashSet<Guid>();
        JournalItem item;
        while (chunk.Facts.Count + chunk.Poison.Count < MostRecords && chunk.Octets < MostOctets)
        {
            if (left is { } before)
            {
                (item, left) = (before, null);
            }
            else if (!reader.TryNext(out item))
            {
                break;
            }

            if (Read(item) is not { } fact)
            {
                chunk.Poison.Add((item, item.Frame is null ? "A stretch of the journal is damaged" : "A record of the journal cannot be read"));
            }
            else if (fact is HeldSubmission { Entry.Id: var id } && !ids.Add(id))
            {
                return (chunk, item);
            }
            else
            {
                chunk.Facts.Add((fact, item));
            }

            chunk.Next = item.Next;
            chunk.Octets += item.Octets.Length;
        }

        return (chunk, null);
    }

    private static HeldFact? Read(JournalItem item)
    {
        try
        {
            return item.Frame is { } frame ? FactCodec.Read(frame.Kind, frame.Version, item.Octets.Span) : null;
        }
        catch (FormatException damaged) when (damaged is not LaterRecordException)
        {
            return null;
        }
    }

    private static IEnumerable<FactKind> Kinds(PlayedChunk chunk)
    {
        var parked = chunk.Poison.Where(poison => poison.Item.Frame is not null && chunk.Facts.TrueForAll(fact => fact.Item.Offset != poison.Item.Offset));
        return chunk.Facts.Select(fact => fact.Fact.Kind).Concat(parked.Select(poison => poison.Item.Frame!.Value.Kind));
    }

    private async Task PlayAsync(PlayedChunk chunk, JournalHeader header, CancellationToken cancellation)
    {
        foreach (var (fact, item) in chunk.Facts)
        {
            await SendAsync(chunk, fact, item).ConfigureAwait(false);
        }

        await chunk.AnsweredAsync().ConfigureAwait(false);
        await EndUnsentAsync(chunk, cancellation).ConfigureAwait(false);
        foreach (var loser in chunk.Losers)
        {
            if (await claims.RejectAsync(loser, cancellation).ConfigureAwait(false))
            {
                figures.Rejected();
                Lost(logger, new MessageId(loser.Id), loser.Account);
            }
        }

        foreach (var (item, reason) in chunk.Poison)
        {
            await ParkAsync(item, header, reason, cancellation).ConfigureAwait(false);
        }

        foreach (var (fact, _) in chunk.Facts)
        {
            figures.Played(fact.Kind);
        }
    }

    private async ValueTask SendAsync(PlayedChunk chunk, HeldFact fact, JournalItem item)
    {
        chunk.Sent();
        try
        {
            await EnqueueAsync(chunk, fact, item).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ArgumentException or ObjectDisposedException)
        {
            chunk.Answered(item, error);
        }
    }

    // Waits while the ledger's intake is full.
    private ValueTask EnqueueAsync(PlayedChunk chunk, HeldFact fact, JournalItem item)
    {
        switch (fact)
        {
            case HeldSubmission { Entry: var entry }:
                // Without its first attempt: that was not sent, and the segment waits in the queue.
                return claims.EnqueueAsync(entry with { FirstAttempt = null }, (_, verdict, failure) => Claimed(chunk, item, entry, verdict, failure), default);
            case HeldReceipt { Receipt: var receipt }:
                // It waits for its attempt from now on: before, nobody could have matched it.
                return receipts.EnqueueAsync(receipt with { At = time.GetUtcNow() }, (_, _, failure) => chunk.Answered(item, failure), default);
            case HeldMo { Mo: var mo }:
                return mos.EnqueueAsync(mo, (_, _, failure) => chunk.Answered(item, failure), default);
            case HeldOutcome { Outcome: var outcome }:
                return outcomes.EnqueueAsync(outcome, (_, _, failure) => chunk.Answered(item, failure), default);
            case HeldAcknowledgement { Ack: var ack }:
                return outbox.EnqueueAsync(ack, (_, _, failure) => chunk.Answered(item, failure), default);
            case HeldUnreadable unreadable:
                return UnreadableAsync(chunk, item, unreadable);
            default:
                throw new ArgumentException($"{fact.Kind} cannot be played.");
        }
    }

    private async ValueTask UnreadableAsync(PlayedChunk chunk, JournalItem item, HeldUnreadable fact)
    {
        Exception? failure = null;
        try
        {
            await receipts.ParkRawAsync(fact.Id, "receipt_unreadable", fact.Connector, fact.Octets, fact.Reason, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LedgerUnavailableException or LedgerDefectException)
        {
            failure = error;
        }

        chunk.Answered(item, failure);
    }

    private static void Claimed(PlayedChunk chunk, JournalItem item, NewEntry entry, ClaimVerdict verdict, Exception? failure)
    {
        if (failure is null && verdict.Kind == VerdictKind.Conflict)
        {
            chunk.Lost(entry);
        }

        chunk.Answered(item, failure);
    }

    // Claims whose COMMIT was unknown: now that this claim of the same id is committed, the first one is, or never will be. Where its attempt stands nothing of it
    // was written to a socket; its end puts the segment into the queue, once.
    private async Task EndUnsentAsync(PlayedChunk chunk, CancellationToken cancellation)
    {
        var ends = new PlayedChunk();
        foreach (var (fact, item) in chunk.Facts)
        {
            if (fact is HeldSubmission { Entry: { FirstAttempt: { } first } entry })
            {
                var now = time.GetUtcNow();
                ends.Sent();
                await outcomes.EnqueueAsync(
                    new AttemptOutcome
                    {
                        Key = new AttemptKey(new SegmentKey(entry.Id, entry.Day, 1), 1),
                        Kind = AttemptEndKind.NotSent,
                        Connector = first.Connector,
                        Bind = first.Bind,
                        AttemptedAt = entry.AcceptedAt,
                        EndedAt = now,
                        Requeue = new Requeue(now, CountsAsFailure: false),
                    },
                    (_, _, failure) => ends.Answered(item, failure),
                    cancellation).ConfigureAwait(false);
            }
        }

        await ends.AnsweredAsync().ConfigureAwait(false);
        chunk.Poison.AddRange(ends.Poison);
    }

    // The id is the record's place, so that it is listed once.
    private async Task ParkAsync(JournalItem item, JournalHeader header, string reason, CancellationToken cancellation)
    {
        Span<byte> place = stackalloc byte[16];
        BitConverter.TryWriteBytes(place, header.Salt);
        BitConverter.TryWriteBytes(place[8..], item.Offset);
        var id = new Guid(SHA256.HashData(place)[..16]);
        var raw = item.Octets[..Math.Min(item.Octets.Length, MostParkedOctets)].ToArray();
        var kind = item.Frame is { } frame ? HoldFigures.Word(frame.Kind) : "damaged";
        await receipts.ParkRawAsync(id, "journal", null, raw, $"{reason} ({kind}, offset {item.Offset} of the journal of {header.Node} begun {header.Begun:u})", cancellation)
            .ConfigureAwait(false);
        figures.Parked(item.Frame?.Kind);
        Parked(logger, kind, item.Offset, header.Node, reason);
    }

    [LoggerMessage(4721, LogLevel.Warning, "Message {MessageId} of {Account} was accepted on hold, and another content has its key: rejected, with a receipt where one was asked for")]
    private static partial void Lost(ILogger logger, MessageId messageId, string account);

    [LoggerMessage(4722, LogLevel.Error, "A record ({Kind}) at offset {Offset} of the journal of {Node} is parked: {Reason}")]
    private static partial void Parked(ILogger logger, string kind, long offset, string node, string reason);

    // Next free id of the playback: 4723.
}
