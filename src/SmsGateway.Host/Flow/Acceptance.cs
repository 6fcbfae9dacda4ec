using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The one way in for every MT: account limits, segments, route, claim, answer. What it answers Accepted or Duplicate to is
// durable; what it then tells memory is only a hint.
internal sealed partial class Acceptance(
    ClaimLedger claims,
    MessageKeys keys,
    ConfigurationState configuration,
    Dispatcher dispatcher,
    ConcatPins pins,
    AccountRates rates,
    QueueDepths depths,
    Draining draining,
    FlowMetrics metrics,
    IOptions<FlowOptions> options,
    TimeProvider time,
    ILogger<Acceptance> logger)
{
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryWhenAway = TimeSpan.FromSeconds(5);

    /// <summary>Takes one MT. Returns after COMMIT; every outcome a customer can cause is a value.</summary>
    public async ValueTask<AcceptanceResult> SubmitAsync(Submission submission, CancellationToken cancellation)
    {
        if (Refusal(submission) is { } refusal)
        {
            return refusal;
        }

        var answer = configuration.Current.Routes.Resolve(
            submission.Account.Name, submission.Destination, submission.Sender, submission.CarrierAsked);
        if (!answer.Found)
        {
            return new AcceptanceResult(answer.Kind == Routing.RouteKind.UnknownCarrier ? AcceptanceKind.UnknownCarrier : AcceptanceKind.NoRoute);
        }

        var id = IdOf(submission);
        if (!MessageEncoder.TryEncode(submission, id, out var message, out var failure))
        {
            return new AcceptanceResult(failure);
        }

        var connectors = Connectors(submission, answer.Route);
        var entry = Entry(submission, id, message, answer.Route, connectors);
        var reservation = Reserve(entry, connectors);
        if (reservation is not null)
        {
            entry = entry with { FirstAttempt = new FirstAttempt(connectors[0], reservation.Bind) };
        }

        try
        {
            var verdict = await claims.ClaimAsync(entry, cancellation).ConfigureAwait(false);
            if (verdict.Kind == VerdictKind.Claimed)
            {
                Hand(entry, ref reservation);
            }

            metrics.Verdict(verdict.Kind, submission.Protocol);
            return new AcceptanceResult(KindOf(verdict.Kind), verdict.Id, verdict.Parts);
        }
        catch (LedgerUnavailableException error)
        {
            LedgerAway(logger, error.Message);
            return new AcceptanceResult(AcceptanceKind.Unavailable, RetryAfter: RetryWhenAway);
        }
        catch (FencedException)
        {
            return new AcceptanceResult(AcceptanceKind.Draining, RetryAfter: RetryWhenAway);
        }
        finally
        {
            reservation?.Release();
        }
    }

    private AcceptanceResult? Refusal(Submission submission)
    {
        if (draining.IsDraining)
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

    private MessageId IdOf(Submission submission) => submission.ClientMessageId is null
        ? MessageKeys.NewUnkeyed(time)
        : keys.ForClientMessageId(submission.Account.Name, submission.ClientMessageId, submission.Part is { } p ? new PartKey(p.Reference, p.Total, p.Number) : null);

    // A part that the client cut itself never changes its carrier: its route is the one connector its message took.
    private string[] Connectors(Submission submission, Routing.Route route) => submission.Part is { Total: > 1 } part && route.Connectors.Count > 1
        ? [pins.GetOrAdd(submission.Account.Name, submission.Destination, part, () => dispatcher.Pick(route.Connectors, null).Name)]
        : [.. route.Connectors];

    private SlotReservation? Reserve(NewEntry entry, string[] connectors)
    {
        if (entry.Payloads.Length > 1)
        {
            return null;
        }

        var link = dispatcher.Pick(connectors, null);
        return link.Live && link.Lanes.IsEmpty ? link.TryReserve?.Invoke() : null;
    }

    private void Hand(NewEntry entry, ref SlotReservation? reservation)
    {
        if (reservation is { } slot)
        {
            reservation = null;
            slot.Send(entry.Segment(1, attempt: 1), entry.AcceptedAt);
            return;
        }

        for (short segment = 1; segment <= entry.Payloads.Length; segment++)
        {
            dispatcher.Dispatch(entry.Segment(segment, attempt: 1), fromLedger: false);
        }
    }

    private static AcceptanceKind KindOf(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Claimed => AcceptanceKind.Accepted,
        VerdictKind.Duplicate => AcceptanceKind.Duplicate,
        _ => AcceptanceKind.Conflict,
    };

    [LoggerMessage(4001, LogLevel.Warning, "A claim was refused because the ledger is out of reach: {Reason}")]
    private static partial void LedgerAway(ILogger logger, string reason);

    // Next free id in Flow: see FlowLog.
}
