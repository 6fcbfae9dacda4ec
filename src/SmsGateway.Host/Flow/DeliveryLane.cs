using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Deliveries of one account over one protocol that wait in memory: Esme or Callbacks reads it. Full means the outbox
// row waits in the ledger and OutboxPump brings it later.
internal sealed class DeliveryLane
{
    private readonly Channel<Delivery> _channel;
    private readonly DeliveryGate? _gate;
    private volatile Action? _arrived;
    private volatile bool _open;

    /// <param name="account">Whose.</param>
    /// <param name="protocol">Over what.</param>
    /// <param name="capacity">Deliveries in memory.</param>
    /// <param name="gate">Whether anything may be pushed now, and where what is read at another time goes; null = always.</param>
    public DeliveryLane(string account, Protocol protocol, int capacity, DeliveryGate? gate = null)
    {
        (Account, Protocol, Capacity, _gate) = (account, protocol, capacity, gate);
        _channel = Channel.CreateBounded<Delivery>(
            new BoundedChannelOptions(capacity) { SingleReader = false, SingleWriter = false, FullMode = BoundedChannelFullMode.Wait });
        Reader = gate is null ? _channel.Reader : new GatedDeliveries(_channel.Reader, gate);
    }

    /// <summary>Raised after <see cref="Open"/> changed. Handlers must be quick and must not throw.</summary>
    public event Action? OpenChanged;

    public string Account { get; }

    public Protocol Protocol { get; }

    public int Capacity { get; }

    public ChannelReader<Delivery> Reader { get; }

    /// <summary>Called after deliveries arrived; the reader sets it to wake itself. Must be quick and must not throw.</summary>
    public Action? Arrived { get => _arrived; set => _arrived = value; }

    /// <summary>
    /// Whether somebody can hand these deliveries over now: Esme sets it while the account has a receiving bind here,
    /// Callbacks while the account has a callback URL. Nothing is fetched for a lane that is not open.
    /// </summary>
    public bool Open
    {
        get => _open;
        set
        {
            if (_open != value)
            {
                _open = value;
                OpenChanged?.Invoke();
            }
        }
    }

    /// <returns>False when the account is behind; the outbox row stays and OutboxPump brings it later.</returns>
    public bool TryEnqueue(Delivery delivery) => _channel.Writer.TryWrite(delivery);

    /// <summary>
    /// Whether a delivery that was read a while ago may still be pushed. If not it has gone back to the ledger: the reader forgets it. Asked
    /// again by whoever waits with a delivery in the hand.
    /// </summary>
    public bool Keeps(Delivery delivery)
    {
        if (_gate is null || _gate.IsOpen())
        {
            return true;
        }

        _gate.GiveBack(delivery);
        return false;
    }

    public void Wake() => _arrived?.Invoke();
}
