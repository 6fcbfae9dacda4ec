using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Callbacks;

// Pushes the deliveries of one account. Workers come with the work and leave when there is none; there are at most ConcurrencyPerAccount of
// them, and only the first needs no slot from those all accounts share. Full lane: the outbox rows wait in the ledger.
internal sealed partial class CallbackLane(
    string account,
    ChannelReader<Delivery> deliveries,
    Func<Delivery, bool> keeps,
    CallbackReports reports,
    CallbackTargets targets,
    CallbackLimits limits,
    TimeProvider time,
    ILogger logger)
{
    // A worker leaves after this many, so that shared slots go round among the accounts.
    private const int MostPerWorker = 64;

    // After so many offers that failed in our own code the delivery is parked: no customer can cure it. Counted here and not in the outbox, for that
    // counts the customer's refusals too; another node counts anew, until Flow:DeliveryRetention ends it.
    private const int MostLocalFailures = 3;

    // Deliveries whose failures are counted; more begins to count anew.
    private const int MostCounted = 1_000;

    // A spared delivery in the hand is looked at this often, so that a node that leaves mode hot does not keep it for a whole pause.
    private static readonly TimeSpan MostInHand = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _localFailures = [];
    private CallbackTarget? _target;

    /// <summary>
    /// Runs until <paramref name="stopping"/>, after which no new delivery is taken, and completes when every worker has left.
    /// <paramref name="abort"/> breaks off requests under way; their rows stay in the outbox.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        // One place for each worker there may be, the first of them free of charge. At the end all are awaited.
        var workers = new Task[limits.Concurrency];
        Array.Fill(workers, Task.CompletedTask);
        try
        {
            while (await deliveries.WaitToReadAsync(stopping))
            {
                var place = Array.FindIndex(workers, static worker => worker.IsCompleted);
                if (place == 0 || (place > 0 && limits.Shared.TryTake()))
                {
                    workers[place] = WorkAsync(owesSlot: place > 0, stopping, abort);
                }
                else
                {
                    // The last of them may have left since; then there is a place again.
                    var busy = Array.FindAll(workers, static worker => !worker.IsCompleted);
                    await (busy.Length > 0 ? Task.WhenAny(busy) : Task.CompletedTask);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(bool owesSlot, CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            for (var i = 0; i < MostPerWorker && !stopping.IsCancellationRequested && deliveries.TryRead(out var delivery); i++)
            {
                await PushAsync(delivery, stopping, abort);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The row stays in the outbox.
        }
        finally
        {
            if (owesSlot)
            {
                limits.Shared.Return();
            }
        }
    }

    private async ValueTask PushAsync(Delivery delivery, CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            while (await OfferAsync(delivery, abort) is { } wait)
            {
                await Task.Delay(wait < MostInHand ? wait : MostInHand, time, stopping);
                if (!keeps(delivery))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            OfferThrew(logger, e, delivery.Id, account);
            Failed(delivery, "", e.GetType().Name, parked: HasFailedTooOften(delivery));
        }
    }

    /// <returns>How long to wait before asking again; null when the outcome was reported.</returns>
    private async ValueTask<TimeSpan?> OfferAsync(Delivery delivery, CancellationToken abort)
    {
        if (Target() is not { } target)
        {
            Failed(delivery, "", "the account has no callback URL");
            return null;
        }

        var answer = await target.OfferAsync(delivery, abort);
        switch (answer.Result)
        {
            case CallbackResult.Acknowledged:
                reports.Acknowledge(delivery, target.Name);
                return null;
            case CallbackResult.Aborted:
                return null;
            case CallbackResult.Spared when !limits.Schedule.IsOver(delivery.CreatedAt, time.GetUtcNow()):
                return answer.Wait;
            default:
                Failed(delivery, target.Name, answer.Reason);
                return null;
        }
    }

    private void Failed(Delivery delivery, string target, string reason, bool parked = false)
    {
        OfferFailed(logger, delivery.Id, account, target, delivery.Offers + 1, reason);
        if (!parked && limits.Schedule.Next(delivery.CreatedAt, time.GetUtcNow(), delivery.Offers + 1) is { } due)
        {
            reports.Retry(delivery, due, target, reason);
        }
        else
        {
            Parked(logger, delivery.Id, account, reason);
            reports.Park(delivery, $"callback not acknowledged; last offer: {reason}");
        }
    }

    private bool HasFailedTooOften(Delivery delivery)
    {
        lock (_gate)
        {
            var failures = _localFailures.GetValueOrDefault(delivery.Id) + 1;
            if (failures >= MostLocalFailures)
            {
                return _localFailures.Remove(delivery.Id);
            }

            if (_localFailures.Count >= MostCounted)
            {
                _localFailures.Clear();
            }

            _localFailures[delivery.Id] = failures;
            return false;
        }
    }

    private CallbackTarget? Target()
    {
        lock (_gate)
        {
            return _target = targets.Current(account, _target);
        }
    }

    [LoggerMessage(8010, LogLevel.Debug, "Delivery {DeliveryId} of {Account} to {Target}: offer {Offer} failed ({Reason})")]
    private static partial void OfferFailed(ILogger logger, Guid deliveryId, string account, string target, int offer, string reason);

    [LoggerMessage(8011, LogLevel.Warning, "Delivery {DeliveryId} of {Account} is parked: {Reason}")]
    private static partial void Parked(ILogger logger, Guid deliveryId, string account, string reason);

    [LoggerMessage(8012, LogLevel.Error, "Delivery {DeliveryId} of {Account} failed in the gateway itself")]
    private static partial void OfferThrew(ILogger logger, Exception e, Guid deliveryId, string account);
}
