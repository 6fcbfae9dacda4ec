namespace SmsGateway.Ledger;

/// <summary>
/// Tells the process of deliveries that were committed just now, so that they are pushed without being read again.
/// A hint only: what nobody takes here comes back from <see cref="OutboxLedger.FetchAsync"/> once it is due.
/// </summary>
public sealed class DeliveryFeed
{
    private volatile Action<IReadOnlyList<Delivery>>? _announce;

    /// <summary>Sets who is told; called after COMMIT on a ledger's thread: quick, and must not throw. Until it is set announcements go nowhere.</summary>
    public void Subscribe(Action<IReadOnlyList<Delivery>> announce) => _announce = announce;

    internal void Announce(IReadOnlyList<Delivery> deliveries)
    {
        if (deliveries.Count > 0)
        {
            _announce?.Invoke(deliveries);
        }
    }
}
