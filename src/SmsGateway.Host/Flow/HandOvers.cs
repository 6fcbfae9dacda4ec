using System.Threading.Channels;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Gives segments and deliveries to other nodes, in the ledger and in batches, and tells them. What is not given (the other one has a new
// epoch, the ledger does not answer) stays with this node, where a pump finds it again.
internal sealed partial class HandOvers(
    HandOverQueue waiting,
    QueueLedger queue,
    OutboxLedger outbox,
    DeliveriesInMemory memory,
    NodeDirectory directory,
    NodeHints hints,
    LeaseLoop lease,
    HostMetrics metrics,
    LedgerOptions options,
    TimeProvider time,
    ILogger<HandOvers> logger) : BackgroundService
{
    // One peer gets a batch, the next one the next: small enough to spread a backlog, large enough to be cheap.
    private const int MostPerBatch = 500;
    private bool _failing;

    /// <summary>Gives segments to peers that reach their connectors.</summary>
    /// <returns>How many belong to another node now.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<int> GiveAsync(IReadOnlyList<LeavingSegment> segments, CancellationToken stopping)
    {
        var given = 0;
        foreach (var some in segments.GroupBy(segment => segment.Connector))
        {
            foreach (var batch in some.Select(segment => segment.Key).Chunk(MostPerBatch))
            {
                if ((some.Key is null ? directory.AnyPeer() : directory.PeerForCarrier(some.Key)) is not { } peer)
                {
                    break;
                }

                var moved = await queue.HandOverAsync(batch, new NodeEpoch(peer.Id, peer.Epoch), stopping).ConfigureAwait(false);
                given += Tell(peer, HintKind.Queue, "segment", moved);
            }
        }

        return given;
    }

    /// <summary>Gives deliveries to peers that reach their accounts.</summary>
    /// <returns>How many belong to another node now.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public async Task<int> GiveAsync(IReadOnlyList<LeavingDelivery> deliveries, CancellationToken stopping)
    {
        var given = 0;
        foreach (var some in deliveries.GroupBy(delivery => delivery.Account))
        {
            foreach (var batch in some.Select(delivery => delivery.Row).Chunk(MostPerBatch))
            {
                if ((some.Key is null ? directory.AnyPeer() : directory.PeerForAccount(some.Key)) is not { } peer)
                {
                    break;
                }

                var moved = await outbox.HandOverAsync(batch, new NodeEpoch(peer.Id, peer.Epoch), stopping).ConfigureAwait(false);
                given += Tell(peer, HintKind.Outbox, "delivery", moved.Count);
            }
        }

        return given;
    }

    /// <summary>
    /// Gives what is not due for a while to any peer: a node that leaves mode hot does not keep what it will retry in an hour. It is not in memory,
    /// for nothing is read before it is due.
    /// </summary>
    /// <returns>True when there may be more.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<bool> GiveLaterAsync(CancellationToken stopping)
    {
        if (directory.AnyPeer() is not { } peer)
        {
            return false;
        }

        // What was announced just now is due after the grace, and may be on a bind: it is not given away under the customer's hands.
        var now = time.GetUtcNow();
        var moved = await queue.HandOverLaterAsync((now, now + (2 * options.PushGrace)), new NodeEpoch(peer.Id, peer.Epoch), MostPerBatch * 4, stopping).ConfigureAwait(false);
        Tell(peer, HintKind.Queue, "segment", moved.Segments);
        Tell(peer, HintKind.Outbox, "delivery", moved.Deliveries);
        return !moved.IsEmpty;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(waiting.Segments, GiveAsync, static _ => { }, stoppingToken),
        RunAsync(waiting.Deliveries, GiveAsync, Forget, stoppingToken));

    // Memory held them, so that no read of the outbox brings them while they are on their way.
    private void Forget(IReadOnlyList<LeavingDelivery> batch)
    {
        foreach (var delivery in batch)
        {
            memory.Remove(delivery.Row.DeliveryId);
        }
    }

    private async Task RunAsync<T>(
        ChannelReader<T> reader, Func<IReadOnlyList<T>, CancellationToken, Task<int>> give, Action<IReadOnlyList<T>> done, CancellationToken stopping)
    {
        var batch = new List<T>();
        try
        {
            while (await reader.WaitToReadAsync(stopping).ConfigureAwait(false))
            {
                while (batch.Count < MostPerBatch * 4 && reader.TryRead(out var leaving))
                {
                    batch.Add(leaving);
                }

                await GuardedAsync(() => give(batch, stopping), stopping).ConfigureAwait(false);
                done(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The only way this loop ends. What waits is still in the ledger: whoever sweeps this node finds it.
        }
    }

    private async Task GuardedAsync(Func<Task<int>> give, CancellationToken stopping)
    {
        try
        {
            await give().ConfigureAwait(false);
            _failing = false;
        }
        catch (FencedException)
        {
            lease.Fenced();
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The loop sees it. What was not given is swept.
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!_failing)
            {
                NotGiven(logger, error.Message);
                _failing = true;
            }
        }
    }

    private int Tell(NodeStanding peer, HintKind hint, string kind, int moved)
    {
        if (moved > 0)
        {
            metrics.HandedOver(kind, moved);
            hints.Tell(peer.Id, hint);
        }

        return moved;
    }

    [LoggerMessage(4701, LogLevel.Warning, "Nothing could be handed over to another node; it waits in the ledger (said once per outage): {Reason}")]
    private static partial void NotGiven(ILogger logger, string reason);

    // Next free id of hand-overs: 4702 (4700 to 4799).
}
