namespace SmsGateway.Host.Flow;

// One connector as Flow sees it: its lanes, whether it can take traffic now, and its fast path. Carriers registers
// itself here, so that Flow never knows a bind.
internal sealed class ConnectorLink(string name, int capacityPerLane, TimeProvider time)
{
    private volatile bool _live;
    private long _changedAt = time.GetTimestamp();

    public string Name { get; } = name;

    public SegmentLanes Lanes { get; } = new(capacityPerLane);

    /// <summary>Takes a slot for the fast path, or null: no bind, window full, TPS spent, stopping. Set by the connector.</summary>
    public Func<SlotReservation?>? TryReserve { get; set; }

    /// <summary>At least one bind can take submits here and the circuit is closed.</summary>
    public bool Live => _live;

    /// <summary>Time since <see cref="Live"/> last changed.</summary>
    public TimeSpan SinceChange => time.GetElapsedTime(Volatile.Read(ref _changedAt));

    /// <summary>Raised after <see cref="Live"/> changed.</summary>
    public event Action<ConnectorLink>? LiveChanged;

    public void SetLive(bool live)
    {
        if (_live == live)
        {
            return;
        }

        _live = live;
        Volatile.Write(ref _changedAt, time.GetTimestamp());
        LiveChanged?.Invoke(this);
    }
}
