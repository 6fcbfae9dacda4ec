namespace SmsGateway.Host.Flow;

// How this node started, for health: in words when it had to go by its snapshot.
internal sealed class StartedFrom
{
    private volatile string? _snapshot;

    /// <summary>Which snapshot, until the first epoch is taken; null otherwise.</summary>
    public string? Snapshot { get => _snapshot; set => _snapshot = value; }
}
