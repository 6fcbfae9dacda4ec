using Microsoft.Extensions.Options;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Puts a committed segment into the lanes of the connector that should send it: the first one of its route that is live,
// else the first one that may come back any moment, else its home. Never decides anything durable: the attempt does.
internal sealed class Dispatcher(ConnectorLinks links, SegmentsInMemory memory, IOptions<FlowOptions> options)
{
    private readonly TimeSpan _failoverAfter = options.Value.FailoverAfter;

    /// <summary>The connector for a route now. A part of a message that has begun stays where it began.</summary>
    public ConnectorLink Pick(IReadOnlyList<string> route, string? pinned)
    {
        if (pinned is not null)
        {
            return links.Get(pinned);
        }

        for (var i = 0; i < route.Count; i++)
        {
            var link = links.Get(route[i]);
            if (link.Live || link.SinceChange < _failoverAfter)
            {
                return link;
            }
        }

        return links.Get(route[0]);
    }

    /// <returns>False when memory has it already or the lane is full; the row stays in the ledger either way.</returns>
    public bool Dispatch(QueuedSegment segment, bool fromLedger)
    {
        if (!memory.TryAdd(segment.Key, segment.Account))
        {
            return false;
        }

        if (Pick(segment.Route, segment.PinnedConnector).Lanes.TryEnqueue(segment, fromLedger))
        {
            return true;
        }

        memory.Remove(segment.Key);
        return false;
    }

    /// <summary>
    /// Takes what waits for a connector that is dead and gives it to the next one of each route. Segments of a message
    /// of several parts go back to the ledger, which knows whether one of their siblings has been tried.
    /// </summary>
    public void Redistribute(ConnectorLink dead)
    {
        if (dead.Live || dead.SinceChange < _failoverAfter || dead.Lanes.Count == 0 || !AnyLive())
        {
            return;
        }

        var waiting = new List<QueuedSegment>(dead.Lanes.Count);
        dead.Lanes.TakeInto(waiting, int.MaxValue);
        foreach (var segment in waiting)
        {
            var next = segment.Parts > 1 && segment.PinnedConnector is null ? null : Pick(segment.Route, segment.PinnedConnector);
            if (next is null || !next.Lanes.TryEnqueue(segment, fromLedger: true))
            {
                memory.Remove(segment.Key);
            }
        }
    }

    private bool AnyLive()
    {
        foreach (var link in links.All)
        {
            if (link.Live)
            {
                return true;
            }
        }

        return false;
    }
}
