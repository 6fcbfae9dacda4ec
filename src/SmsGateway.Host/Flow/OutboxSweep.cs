namespace SmsGateway.Host.Flow;

// How far an account's outbox has been looked through for one protocol while the other one's backlog stands. A look is bounded, so every second one is at what became
// due last, where handed-over and refused deliveries are, and the ones between go down through the backlog and begin again at its end. One thread at a time.
internal sealed class OutboxSweep
{
    // The ledger's moments are whole microseconds.
    private static readonly TimeSpan Step = TimeSpan.FromMicroseconds(1);

    private DateTimeOffset? _below;
    private bool _isBelow;

    /// <summary>The newest due time of the next look; null = now.</summary>
    public DateTimeOffset? UpTo => _isBelow ? _below : null;

    /// <param name="from">Down to where it was looked; null = to the end.</param>
    /// <param name="found">Whether there was anything for a lane or another node: then the same place is looked at again.</param>
    public void Looked(DateTimeOffset? from, bool found)
    {
        if (_isBelow ? !found : _below is null)
        {
            _below = from - Step;
        }

        _isBelow = !_isBelow && _below is not null;
    }
}
