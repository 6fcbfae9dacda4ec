using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Deliveries of one account over one protocol that wait in memory: Esme or Callbacks reads it. Full means the outbox
// row waits in the ledger and OutboxPump brings it later.
internal sealed class DeliveryLane(string account, Protocol protocol, int capacity)
{
    private readonly Channel<Delivery> _channel = Channel.CreateBounded<Delivery>(
        new BoundedChannelOptions(capacity) { SingleReader = false, SingleWriter = false, FullMode = BoundedChannelFullMode.Wait });
    private volatile Action? _arrived;
    private volatile bool _open;

    public string Account { get; } = account;

    public Protocol Protocol { get; } = protocol;

    public int Capacity { get; } = capacity;

    public ChannelReader<Delivery> Reader => _channel.Reader;

    /// <summary>Called after deliveries arrived; the reader sets it to wake itself. Must be quick and must not throw.</summary>
    public Action? Arrived { get => _arrived; set => _arrived = value; }

    /// <summary>
    /// Whether somebody can hand these deliveries over now: Esme sets it while the account has a receiving bind here,
    /// Callbacks while the account has a callback URL. Nothing is fetched for a lane that is not open.
    /// </summary>
    public bool Open { get => _open; set => _open = value; }

    /// <returns>False when the account is behind; the outbox row stays and OutboxPump brings it later.</returns>
    public bool TryEnqueue(Delivery delivery) => _channel.Writer.TryWrite(delivery);

    public void Wake() => _arrived?.Invoke();
}
