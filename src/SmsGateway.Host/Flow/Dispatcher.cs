using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>Where a segment goes now.</summary>
/// <param name="Here">This node's link; null = to another node.</param>
/// <param name="Elsewhere">The connector that the other node must reach; null = any node, for this one emits nothing.</param>
internal readonly record struct SegmentPlace(ConnectorLink? Here, string? Elsewhere);

// Puts a committed segment into the lanes of the connector that should send it, at this node or by way of the hand-over queue at another one. The
// route's order decides, not the node: each connector is tried here, then elsewhere, before the next one. Never decides anything durable: the attempt does.
internal sealed class Dispatcher(
    ConnectorLinks links, SegmentsInMemory memory, NodeDirectory directory, NodeStance stance, HandOverQueue leaving, IOptions<FlowOptions> options)
{
    private readonly TimeSpan _failoverAfter = options.Value.FailoverAfter;

    /// <summary>Decides for a route. A part of a message that has begun stays with the connector where it began.</summary>
    public SegmentPlace PlaceOf(IReadOnlyList<string> route, string? pinned)
    {
        if (!stance.Accepts && directory.Peers.Count > 0)
        {
            return new SegmentPlace(null, Elsewhere(route, pinned));
        }

        for (var i = 0; i < (pinned is null ? route.Count : 1); i++)
        {
            var link = links.Get(pinned ?? route[i]);
            if (link.Live)
            {
                return new SegmentPlace(link, null);
            }

            if (directory.IsLiveElsewhere(link.Name))
            {
                return new SegmentPlace(null, link.Name);
            }

            if (link.SinceChange < _failoverAfter)
            {
                return new SegmentPlace(link, null);
            }
        }

        // Nobody reaches any of them: it waits here, until one comes back anywhere or its validity ends.
        return new SegmentPlace(links.Get(pinned ?? route[0]), null);
    }

    /// <summary>
    /// The connector of all parts of a message that the client cut itself: the first of the route that is live at any node. It does
    /// not depend on the node that is asked, so that parts handed in at several nodes take one carrier.
    /// </summary>
    public string ForParts(IReadOnlyList<string> route)
    {
        for (var i = 0; i < route.Count; i++)
        {
            if (links.Get(route[i]).Live || directory.IsLiveElsewhere(route[i]))
            {
                return route[i];
            }
        }

        return route[0];
    }

    /// <summary>Takes a segment that was claimed here just now. What belongs to another node is handed over with the next batch.</summary>
    /// <returns>False when memory does not hold it: the row stays in the ledger.</returns>
    public bool Dispatch(QueuedSegment segment)
    {
        var place = PlaceOf(segment.Route, segment.PinnedConnector);
        if (place.Here is { } here)
        {
            return Enqueue(segment, here, fromLedger: false);
        }

        leaving.TryAdd(new LeavingSegment(segment.Key, place.Elsewhere));
        return false;
    }

    /// <returns>False when memory has it already or the lane is full; the row stays in the ledger either way.</returns>
    public bool Enqueue(QueuedSegment segment, ConnectorLink here, bool fromLedger)
    {
        if (!memory.TryAdd(segment.Key, segment.Account))
        {
            return false;
        }

        if (here.Lanes.TryEnqueue(segment, fromLedger))
        {
            return true;
        }

        memory.Remove(segment.Key);
        return false;
    }

    /// <summary>
    /// Takes what waits for a connector that is dead here and gives it to another node, or to the next one of each route. Segments of a
    /// message of several parts go back to the ledger, which knows whether one of their siblings has been tried.
    /// </summary>
    public void Redistribute(ConnectorLink dead)
    {
        if (dead.Live || dead.Lanes.Count == 0 || !HasElsewhere(dead))
        {
            return;
        }

        foreach (var segment in Taken(dead))
        {
            if (segment.Parts > 1 && segment.PinnedConnector is null)
            {
                memory.Remove(segment.Key);
                continue;
            }

            var place = PlaceOf(segment.Route, segment.PinnedConnector);
            if (place.Here is { } here && here.Lanes.TryEnqueue(segment, fromLedger: true))
            {
                continue;
            }

            memory.Remove(segment.Key);
            if (place.Here is null)
            {
                leaving.TryAdd(new LeavingSegment(segment.Key, place.Elsewhere));
            }
        }
    }

    /// <summary>Forgets everything that waits: its rows belong to another epoch now, or to another node soon.</summary>
    public void Empty()
    {
        foreach (var link in links.All)
        {
            foreach (var segment in Taken(link))
            {
                memory.Remove(segment.Key);
            }
        }
    }

    /// <summary>Whether anything that waits for a connector that is dead here might go out another way now.</summary>
    public bool HasElsewhere(ConnectorLink dead)
    {
        if (directory.IsLiveElsewhere(dead.Name))
        {
            return true;
        }

        if (dead.SinceChange < _failoverAfter)
        {
            return false;
        }

        if (directory.IsAnyLiveElsewhere)
        {
            return true;
        }

        foreach (var link in links.All)
        {
            if (link.Live)
            {
                return true;
            }
        }

        return false;
    }

    private static List<QueuedSegment> Taken(ConnectorLink link)
    {
        var waiting = new List<QueuedSegment>(link.Lanes.Count);
        link.Lanes.TakeInto(waiting, int.MaxValue);
        return waiting;
    }

    private string? Elsewhere(IReadOnlyList<string> route, string? pinned)
    {
        for (var i = 0; i < (pinned is null ? route.Count : 1); i++)
        {
            var name = pinned ?? route[i];
            if (directory.IsLiveElsewhere(name))
            {
                return name;
            }
        }

        return null;
    }
}
