using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Routing;
using SmsGateway.Ledger;
using Route = SmsGateway.Host.Routing.Route;

namespace SmsGateway.Host.Flow;

// The one way in for every MT: account limits, route, segments, claim, answer. What it answers Accepted or Duplicate to is
// durable, in the ledger or on hold in this node's journal; what it then tells memory is only a hint.
internal sealed partial class Acceptance(
    ClaimLedger claims,
    NodeIdentity node,
    ConfigurationState configuration,
    Dispatcher dispatcher,
    UnknownAttempts unknown,
    ConcatPins pins,
    AccountRates rates,
    QueueDepths depths,
    NodeStance stance,
    NodeLease held,
    LeaseLoop lease,
    Holding holding,
    HostMetrics metrics,
    IOptions<FlowOptions> options,
    TimeProvider time,
    ILogger<Acceptance> logger)
{
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryWhenAway = TimeSpan.FromSeconds(5);

    private readonly LogGate _away = new(time, LogGate.OfOutages);

    // A customer's patience, and more than a new epoch takes while the ledger answers.
    private static readonly TimeSpan MostForEpoch = TimeSpan.FromSeconds(5);

    /// <summary>Takes one MT. Returns after COMMIT; every outcome a customer can cause is a value.</summary>
    /// <remarks>A caller that goes away does not take its message back: once it is in a batch it is claimed and emitted.</remarks>
    public async ValueTask<AcceptanceResult> SubmitAsync(Submission submission, CancellationToken cancellation)
    {
        var result = await DecideAsync(submission).ConfigureAwait(false);
        metrics.Submission(submission.Protocol == Protocol.Http ? "http" : "smpp", submission.Account.Name, Word(result.Kind));
        return result;
    }

    private async ValueTask<AcceptanceResult> DecideAsync(Submission submission)
    {
        if (Refusal(submission) is { } refusal)
        {
            return refusal;
        }

        var answer = configuration.Current.Routes.Resolve(
            submission.Account.Name, submission.Destination, submission.Sender, submission.CarrierAsked);
        if (!answer.Found)
        {
            return new AcceptanceResult(answer.Kind == RouteKind.UnknownCarrier ? AcceptanceKind.UnknownCarrier : AcceptanceKind.NoRoute);
        }

        var id = submission.ClientMessageId is null ? MessageKeys.NewUnkeyed(time) : KeyOf(submission, submission.ClientMessageId);
        if (!MessageEncoder.TryEncode(submission, id, out var message, out var failure))
        {
            return new AcceptanceResult(failure);
        }

#if DRILL
        if (Mutant.Is("acknowledge-before-commit"))
        {
            _ = claims.ClaimAsync(Entry(submission, id, message, answer.Route), CancellationToken.None).AsTask();
            return new AcceptanceResult(AcceptanceKind.Accepted, new MessageId(id), message.Payloads.Length);
        }
#endif
        return await ClaimAsync(Entry(submission, id, message, answer.Route), submission.Account.Hold).ConfigureAwait(false);
    }

    private AcceptanceResult? Refusal(Submission submission)
    {
        if (!stance.Claims)
        {
            return new AcceptanceResult(AcceptanceKind.Draining, RetryAfter: RetryWhenAway);
        }

        if (!rates.TryTake(submission.Account, out var retryAfter))
        {
            return new AcceptanceResult(AcceptanceKind.RateLimited, RetryAfter: retryAfter);
        }

        return submission.Account.MaxQueued is { } most && depths.OfAccount(submission.Account.Name) >= most
            ? new AcceptanceResult(AcceptanceKind.QueueFull, RetryAfter: RetryWhenFull)
            : null;
    }

    private Guid KeyOf(Submission submission, string clientMessageId) => node.Keys.ForClientMessageId(
        submission.Account.Name,
        clientMessageId,
        submission.Part is { } part ? new KeyPart(part.Reference, part.Total, part.Number) : null);

    private NewEntry Entry(Submission submission, Guid id, EncodedMessage message, Route route)
    {
        var now = time.GetUtcNow();
        var longest = now + options.Value.LongestValidity;
        var validUntil = submission.ValidUntil ?? now + submission.Account.DefaultValidity;
        return new NewEntry
        {
            Id = id,
            Keyed = submission.ClientMessageId is not null,
            ContentHash = ContentOf(submission, message),
            ContentKey = ContentKeyOf(submission, message),
            ContentWindow = submission.Account.Smpp.DuplicateWindow ?? TimeSpan.Zero,
            Account = submission.Account.Name,
            Protocol = submission.Protocol,
            ClientMessageId = submission.ClientMessageId,
            AppId = submission.AppId,
            ConversationId = submission.ConversationId,
            Sender = submission.Sender,
            Destination = submission.Destination,
            CarrierAsked = submission.CarrierAsked,
            Route = Connectors(submission, route),
            Priority = submission.Priority,
            Registered = submission.Registered,
            DataCoding = message.DataCoding,
            EsmClass = message.EsmClass,
            ProtocolId = submission.ProtocolId,
            Payloads = message.Payloads,
            AcceptedAt = now,
            ValidUntil = validUntil < longest ? validUntil : longest,
            Price = route.Currency is null ? null : route.Price,
            Cost = route.Currency is null ? null : route.Cost,
            Currency = route.Currency,
        };
    }

    // Keyless messages have no content to compare.
    private Guid ContentOf(Submission submission, EncodedMessage message) => submission.ClientMessageId is null
        ? Guid.Empty
        : HashOf(submission, message);

    // Over HTTP the client's message id is what makes two the same; over SMPP without one the content, where the account asked for it.
    private Guid? ContentKeyOf(Submission submission, EncodedMessage message) =>
        submission is { ClientMessageId: null, Protocol: Protocol.Smpp, Account.Smpp.DuplicateWindow: not null }
            ? node.Keys.ForContent(
                submission.Account.Name,
                HashOf(submission, message),
                message.DataCoding,
                submission.Part is { } part ? new KeyPart(part.Reference, part.Total, part.Number) : null)
            : null;

    private Guid HashOf(Submission submission, EncodedMessage message) =>
        node.Keys.ContentHash(submission.Sender, submission.Destination, message.Whole.Span, submission.CarrierAsked, submission.PriorityAsked);

    // A part that the client cut itself never changes its carrier: its route is the one connector its message took.
    private string[] Connectors(Submission submission, Route route) => submission.Part is { Total: > 1 } part && route.Connectors.Length > 1
        ? [pins.GetOrAdd(submission.Account.Name, submission.Destination, part, () => dispatcher.ForParts(route.Connectors))]
        : route.Connectors;

    private async ValueTask<AcceptanceResult> ClaimAsync(NewEntry entry, bool mayHold)
    {
        var lost = holding.LedgerLost; // before the look, else one that comes in between is missed
        if (holding.IsOn)
        {
            return await HoldAsync(entry, mayHold).ConfigureAwait(false);
        }

        // Before the reservation and before the commit: what follows may reach a socket only while this very epoch is held.
        var epoch = held.Epoch;
        var reservation = Reserve(ref entry);
        try
        {
            var verdict = await claims.ClaimAsync(entry, lost).ConfigureAwait(false);
            if (verdict is { Kind: VerdictKind.Claimed, MayEmit: true })
            {
                Hand(entry, epoch, ref reservation);
            }
            else if (verdict.Kind == VerdictKind.Claimed)
            {
                // Written by a try under the epoch before: its attempt stands, and this slot is released unused.
                SetAside(entry);
            }

            return Answer(verdict);
        }
        catch (FencedException error)
        {
            SetAside(entry);
            Away(error);
            lease.Fenced();
        }
        catch (LedgerUnavailableException error)
        {
            Away(error);
            return await HoldAsync(entry, mayHold).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Somebody else found the ledger away. This claim may be committed all the same, and nobody emits it then.
            return await HoldAsync(entry, mayHold).ConfigureAwait(false);
        }
        finally
        {
            reservation?.Release();
        }

        return await ClaimAgainAsync(entry with { FirstAttempt = null }, epoch, mayHold).ConfigureAwait(false);
    }

    // Whether it was committed is unknown, or it was not asked for. In the journal it stands with the same id and nonce, and with its attempt, which will be
    // ended as not sent: the playback makes one message of both.
    private async ValueTask<AcceptanceResult> HoldAsync(NewEntry entry, bool mayHold)
    {
        if (mayHold && await holding.TakeAsync(new HeldSubmission(entry)).ConfigureAwait(false))
        {
            return new AcceptanceResult(AcceptanceKind.Accepted, new MessageId(entry.Id), entry.Parts);
        }

        SetAside(entry);
        return new AcceptanceResult(AcceptanceKind.Unavailable, RetryAfter: RetryWhenAway);
    }

    // The epoch was lost, the ledger answers: the message is claimed under the next one, with the same ids.
    private async ValueTask<AcceptanceResult> ClaimAgainAsync(NewEntry entry, long fenced, bool mayHold)
    {
        try
        {
            if (await lease.NewerEpochAsync(fenced, MostForEpoch).ConfigureAwait(false))
            {
                var epoch = held.Epoch;
                var verdict = await claims.ClaimAsync(entry, CancellationToken.None).ConfigureAwait(false);
                if (verdict is { Kind: VerdictKind.Claimed, MayEmit: true })
                {
                    SlotReservation? none = null;
                    Hand(entry, epoch, ref none);
                }

                return Answer(verdict);
            }
        }
        catch (LedgerUnavailableException error)
        {
            Away(error);
            return await HoldAsync(entry, mayHold).ConfigureAwait(false);
        }
        catch (FencedException error)
        {
            Away(error);
        }

        return new AcceptanceResult(AcceptanceKind.Unavailable, RetryAfter: RetryWhenAway);
    }

    private static AcceptanceResult Answer(ClaimVerdict verdict) => new(KindOf(verdict.Kind), verdict.MessageId, verdict.Parts);

    // Its attempt may stand, or does, and was not written to any socket.
    private void SetAside(NewEntry entry)
    {
        if (entry.FirstAttempt is { } first)
        {
            unknown.Add(new NewAttempt(new AttemptKey(new SegmentKey(entry.Id, entry.Day, 1), 1), first.Connector, first.Bind, entry.AcceptedAt));
        }
    }

    // The fast path: one segment, nobody waits, a slot and a token are free now.
    private SlotReservation? Reserve(ref NewEntry entry)
    {
        if (entry.Parts > 1)
        {
            return null;
        }

        var link = dispatcher.PlaceOf(entry.Route, null).Here;
        var reservation = link is { Live: true, Lanes.IsEmpty: true } && stance.Emits ? link.TryReserve?.Invoke() : null;
        if (link is not null && reservation is not null)
        {
            entry = entry with { FirstAttempt = new FirstAttempt(link.Name, reservation.Bind) };
        }

        return reservation;
    }

    private void Hand(NewEntry entry, long epoch, ref SlotReservation? reservation)
    {
        if (reservation is not { } slot)
        {
            for (short segment = 1; segment <= entry.Parts; segment++)
            {
                dispatcher.Dispatch(entry.ToQueued(segment));
            }
        }
        else if (held.MayEmit(epoch))
        {
            reservation = null;
            slot.Send(entry.ToQueued(1), entry.AcceptedAt);
        }
        else
        {
            // The process slept between reservation and verdict: the slot is released, the segment goes back to the queue.
            SetAside(entry);
        }
    }

    private static AcceptanceKind KindOf(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Claimed => AcceptanceKind.Accepted,
        VerdictKind.Duplicate => AcceptanceKind.Duplicate,
        _ => AcceptanceKind.Conflict,
    };

    private static string Word(AcceptanceKind kind) => kind switch
    {
        AcceptanceKind.Accepted => "accepted",
        AcceptanceKind.Duplicate => "duplicate",
        AcceptanceKind.Conflict => "conflict",
        AcceptanceKind.TooLong => "too_long",
        AcceptanceKind.NoRoute => "no_route",
        AcceptanceKind.UnknownCarrier => "unknown_carrier",
        AcceptanceKind.RateLimited => "rate_limited",
        AcceptanceKind.QueueFull => "queue_full",
        AcceptanceKind.Unavailable => "unavailable",
        AcceptanceKind.Draining => "draining",
        _ => "unencodable",
    };

    private void Away(Exception error)
    {
        if (error is LedgerUnavailableException)
        {
            holding.LedgerIsAway(error.Message);
        }

        if (_away.TryPass(out var more))
        {
            LedgerAway(logger, error.Message, more);
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "The ledger gave no verdict on a claim: {Reason} (and {More} more since the last line)")]
    private static partial void LedgerAway(ILogger logger, string reason, int more);

    // Next free id in Flow: 4002.
}
