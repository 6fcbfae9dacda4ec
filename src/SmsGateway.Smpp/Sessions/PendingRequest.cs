using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

/// <summary>A request of ours without a response.</summary>
public sealed class PendingRequest
{
    internal PendingRequest(Pdu request, object? context, uint sequence, long sentTimestamp)
    {
        Request = request;
        Context = context;
        Sequence = sequence;
        SentTimestamp = sentTimestamp;
    }

    /// <summary>What was sent; its own Sequence says nothing.</summary>
    public Pdu Request { get; }

    /// <summary>What the sender gave along.</summary>
    public object? Context { get; }

    /// <summary>The number it was sent under.</summary>
    public uint Sequence { get; }

    /// <summary>When it was queued, by <see cref="TimeProvider.GetTimestamp"/> of the session's clock.</summary>
    public long SentTimestamp { get; }

    /// <summary>True once <see cref="ISmppSessionHandler.OnOverdue"/> was or is about to be called for it.</summary>
    public bool Overdue { get; internal set; }

    /// <summary>
    /// Meaningful in <see cref="SessionEnd.Lost"/>: false proves that no octet of it was handed to the transport, so it may be sent
    /// again without doubt.
    /// </summary>
    public bool ReachedTransport { get; internal set; }

    // Position after it in the octets of all requests queued on the session; tells whether the writer took it.
    internal long QueuedAt { get; init; }

    // Sent by TrySend: takes a slot, and the handler knows it.
    internal bool InWindow { get; init; }

    // Set where RequestAsync waits.
    internal TaskCompletionSource<Pdu>? Waiter { get; init; }

    internal PendingRequest? Previous { get; set; }

    internal PendingRequest? Next { get; set; }
}
