using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// MOs and DRs on their way to the accounts: committed rows come in, go into the lane of a protocol that can hand them over
// now, and leave memory when the outbox row has been ended or sent back. A row that finds no open lane stays in the ledger.
internal sealed class Deliveries(
    DeliveryEnds ends,
    ConfigurationState configuration,
    DeliveriesInMemory memory,
    HostMetrics metrics,
    IOptions<FlowOptions> options,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Account, Protocol Protocol), DeliveryLane> _lanes = new();

    /// <summary>Raised once for each new lane, before anything is put into it.</summary>
    public event Action<DeliveryLane>? LaneCreated;

    public ICollection<DeliveryLane> Lanes => _lanes.Values;

    public DeliveryLane LaneOf(string account, Protocol protocol)
    {
        if (_lanes.TryGetValue((account, protocol), out var lane))
        {
            return lane;
        }

        var created = new DeliveryLane(account, protocol, options.Value.DeliveryCapacity);
        lane = _lanes.GetOrAdd((account, protocol), created);
        if (ReferenceEquals(lane, created))
        {
            LaneCreated?.Invoke(lane);
        }

        return lane;
    }

    /// <summary>Takes rows that were just committed or just fetched. Cheap; called from the ledger's lanes after COMMIT.</summary>
    public void Offer(IReadOnlyList<Delivery> deliveries)
    {
        var now = time.GetUtcNow();
        DeliveryLane? touched = null;
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (LaneFor(deliveries[i], now) is not { } lane || !TryPut(lane, deliveries[i]))
            {
                continue;
            }

            if (!ReferenceEquals(touched, lane))
            {
                touched?.Wake();
                touched = lane;
            }
        }

        touched?.Wake();
    }

    /// <summary>The account has it: the outbox row ends. Group-committed, never blocks.</summary>
    public void Acknowledge(Delivery delivery, string target)
    {
        metrics.Delivery(Via(target), "acknowledged");
        ends.Acknowledge(delivery, target);
    }

    /// <summary>Not taken; comes back from the ledger at <paramref name="dueAt"/>.</summary>
    public void Retry(Delivery delivery, DateTimeOffset dueAt, string target, string reason)
    {
        metrics.Delivery(Via(target), "retried");
        ends.Retry(delivery, dueAt, reason);
    }

    /// <summary>Offered on a bind that was lost before it answered: into a lane again at once.</summary>
    public void Return(Delivery delivery)
    {
        memory.Remove(delivery.Id);
        Offer([delivery with { Offers = (short)Math.Min(delivery.Offers + 1, short.MaxValue) }]);
    }

    /// <summary>Given up; listed under parked until an operator drives it again.</summary>
    public void Park(Delivery delivery, string reason)
    {
        metrics.Delivery("none", "parked");
        ends.Park(delivery, reason);
    }

    // A bind is named account@node#n, a callback by the host of its URL.
    private static string Via(string target) => target.Contains('#', StringComparison.Ordinal) ? "smpp" : "callback";

    // The protocol of the MT or the number first; the other one only where the first can never work or has not worked for a while.
    private DeliveryLane? LaneFor(Delivery delivery, DateTimeOffset now)
    {
        var preferred = LaneOf(delivery.Account, delivery.Protocol);
        if (preferred.Open)
        {
            return preferred;
        }

        var other = LaneOf(delivery.Account, delivery.Protocol == Protocol.Http ? Protocol.Smpp : Protocol.Http);
        return other.Open && (Impossible(delivery) || now - delivery.CreatedAt >= options.Value.DeliveryFallbackAfter) ? other : null;
    }

    private bool Impossible(Delivery delivery) => !configuration.Current.Accounts.TryGetValue(delivery.Account, out var account)
        || (delivery.Protocol == Protocol.Http ? account.CallbackUrl is null : !account.Smpp.Enabled);

    private bool TryPut(DeliveryLane lane, Delivery delivery)
    {
        if (!memory.TryAdd(delivery.Id, delivery.Account))
        {
            return false;
        }

        if (lane.TryEnqueue(delivery))
        {
            return true;
        }

        memory.Remove(delivery.Id);
        return false;
    }
}
