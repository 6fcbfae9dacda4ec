using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// What was committed here just now and belongs to another node: waits for HandOvers' next batch. Full means that the row stays
// where it is and a pump finds it later.
internal sealed class HandOverQueue
{
    // A few seconds' worth: more would only be read again from the ledger.
    private const int Capacity = 20_000;
    private readonly Channel<LeavingSegment> _segments = Channel.CreateBounded<LeavingSegment>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<LeavingDelivery> _deliveries = Channel.CreateBounded<LeavingDelivery>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public ChannelReader<LeavingSegment> Segments => _segments.Reader;

    public ChannelReader<LeavingDelivery> Deliveries => _deliveries.Reader;

    /// <returns>False when it is full; the queue row stays in the ledger and QueuePump brings it later.</returns>
    public bool TryAdd(LeavingSegment segment) => _segments.Writer.TryWrite(segment);

    /// <returns>False when it is full; the outbox row stays in the ledger and OutboxPump brings it later.</returns>
    public bool TryAdd(LeavingDelivery delivery) => _deliveries.Writer.TryWrite(delivery);
}

/// <summary>A segment that goes to another node.</summary>
/// <param name="Key">Which.</param>
/// <param name="Connector">A connector that the other node must reach; null = any node will do.</param>
internal readonly record struct LeavingSegment(SegmentKey Key, string? Connector);

/// <summary>A delivery that goes to another node.</summary>
/// <param name="Row">Which, from when the other may offer it, and how often it was offered so far.</param>
/// <param name="Account">An account that must have a receiving bind there; null = any node will do.</param>
internal readonly record struct LeavingDelivery(DeliveryRetry Row, string? Account);
