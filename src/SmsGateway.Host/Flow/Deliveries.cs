using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>Where a delivery goes now; neither = nobody can push it, its row waits in the ledger.</summary>
/// <param name="Lane">A lane of this node.</param>
/// <param name="IsElsewhere">To another node.</param>
/// <param name="Account">An account that must have a receiving bind there; null = any node will do.</param>
internal readonly record struct DeliveryPlace(DeliveryLane? Lane, bool IsElsewhere = false, string? Account = null)
{
    public static DeliveryPlace Nowhere => default;
}

// MOs and DRs on their way to the accounts: committed rows come in, go into the lane of a protocol that can hand them over
// now, here or by way of the hand-over queue at another node, and leave memory when the outbox row has been ended or sent back.
internal sealed class Deliveries(
    DeliveryEnds ends,
    ConfigurationState configuration,
    DeliveriesInMemory memory,
    NodeDirectory directory,
    NodeStance stance,
    HandOverQueue leaving,
    HostMetrics metrics,
    IOptions<FlowOptions> options,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Account, Protocol Protocol), DeliveryLane> _lanes = new();

    /// <summary>Raised once for each new lane, before anything is put into it.</summary>
    public event Action<DeliveryLane>? LaneCreated;

    /// <summary>Raised after any lane opened or closed. Handlers must be quick and must not throw.</summary>
    public event Action? OpenChanged;

    public ICollection<DeliveryLane> Lanes => _lanes.Values;

    public DeliveryLane LaneOf(string account, Protocol protocol)
    {
        if (_lanes.TryGetValue((account, protocol), out var lane))
        {
            return lane;
        }

        var gate = new DeliveryGate(() => stance.Emits, delivery => memory.Remove(delivery.Id));
        var created = new DeliveryLane(account, protocol, options.Value.DeliveryCapacity, gate);
        lane = _lanes.GetOrAdd((account, protocol), created);
        if (ReferenceEquals(lane, created))
        {
            lane.OpenChanged += () => OpenChanged?.Invoke();
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
            var place = PlaceOf(deliveries[i], now);
            if (place.IsElsewhere)
            {
                Leave(deliveries[i], place.Account, now);
            }

            if (place.Lane is not { } lane || !TryPut(lane, deliveries[i]))
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

    /// <summary>Takes what waits in lanes out of memory; its rows stay in the ledger for whoever owns them.</summary>
    public void Empty(Predicate<DeliveryLane> which)
    {
        foreach (var lane in _lanes.Values)
        {
            while (which(lane) && lane.Reader.TryRead(out var waiting))
            {
                memory.Remove(waiting.Id);
            }
        }
    }

    /// <summary>The account has it: the outbox row ends. Group-committed, never blocks.</summary>
    public void Acknowledge(Delivery delivery, string target)
    {
        metrics.Delivery(Via(target), "acknowledged");
        ends.Acknowledge(delivery, target);
    }

    /// <summary>Not taken; comes back from the ledger at <paramref name="dueAt"/>, from a bind to the next node that reaches the account.</summary>
    public void Retry(Delivery delivery, DateTimeOffset dueAt, string target, string reason)
    {
        metrics.Delivery(Via(target), "retried");
        ends.Retry(delivery, dueAt, reason, mayLeave: target.Contains('#', StringComparison.Ordinal));
    }

    /// <summary>
    /// Offered on a bind that was lost or silent before it answered: into a lane again at once. Every second one goes to another node that
    /// reaches the account, so that it travels from bind to node to site where a silent bind is the only other one here.
    /// </summary>
    public void Return(Delivery delivery)
    {
        memory.Remove(delivery.Id);
        var again = delivery with { Offers = (short)Math.Min(delivery.Offers + 1, short.MaxValue) };
        if (again.Offers > 0 && again.Offers % 2 == 0 && directory.IsReachedElsewhere(again.Account))
        {
            Leave(again, again.Account, time.GetUtcNow());
            return;
        }

        Offer([again]);
    }

    /// <summary>Given up; listed under parked until an operator drives it again.</summary>
    public void Park(Delivery delivery, string reason)
    {
        metrics.Delivery("none", "parked");
        ends.Park(delivery, reason);
    }

    // A bind is named account@node#n, a callback by the host of its URL.
    private static string Via(string target) => target.Contains('#', StringComparison.Ordinal) ? "smpp" : "callback";

    /// <summary>
    /// The protocol of the MT or the number first, here and then elsewhere; the other one only where the first can never work or has not worked for a while.
    /// A callback any hot node makes itself. A node that is not hot makes none and offers nothing: all of it goes to a peer.
    /// </summary>
    public DeliveryPlace PlaceOf(Delivery delivery, DateTimeOffset now)
    {
        if (!stance.Accepts)
        {
            return PlaceElsewhere(delivery);
        }

        var place = PlaceOf(delivery.Account, delivery.Protocol);
        return place != DeliveryPlace.Nowhere || !(Impossible(delivery) || now - delivery.CreatedAt >= options.Value.DeliveryFallbackAfter)
            ? place
            : PlaceOf(delivery.Account, Other(delivery.Protocol));
    }

    /// <summary>Where a hot node would put a delivery of this protocol that has waited for long enough to take either way.</summary>
    public DeliveryPlace PlaceAtLast(string account, Protocol protocol)
    {
        var place = PlaceOf(account, protocol);
        return place != DeliveryPlace.Nowhere ? place : PlaceOf(account, Other(protocol));
    }

    private static Protocol Other(Protocol protocol) => protocol == Protocol.Http ? Protocol.Smpp : Protocol.Http;

    private DeliveryPlace PlaceOf(string account, Protocol protocol)
    {
        var lane = LaneOf(account, protocol);
        if (lane.Open)
        {
            return new DeliveryPlace(lane);
        }

        return protocol == Protocol.Smpp && directory.IsReachedElsewhere(account)
            ? new DeliveryPlace(null, IsElsewhere: true, account)
            : DeliveryPlace.Nowhere;
    }

    private DeliveryPlace PlaceElsewhere(Delivery delivery)
    {
        if (directory.Peers.Count == 0)
        {
            return DeliveryPlace.Nowhere;
        }

        var toBind = (delivery.Protocol == Protocol.Smpp || Impossible(delivery)) && directory.IsReachedElsewhere(delivery.Account);
        return new DeliveryPlace(null, IsElsewhere: true, toBind ? delivery.Account : null);
    }

    // Memory holds it until it is handed over, so that no read of the outbox brings it meanwhile.
    private void Leave(Delivery delivery, string? account, DateTimeOffset dueAt)
    {
        if (memory.TryAdd(delivery.Id, delivery.Account) &&
            !leaving.TryAdd(new LeavingDelivery(new DeliveryRetry(delivery.Id, dueAt, delivery.Offers), account)))
        {
            memory.Remove(delivery.Id);
        }
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
