namespace SmsGateway.Host.Configuration;

/// <summary>Holds the snapshot in force. Readers take it once per request and need no lock; one writer (ConfigurationFollower) swaps it.</summary>
internal sealed class ConfigurationState
{
    private readonly Lock _gate = new();
    private readonly List<Action<ConfigurationSnapshot>> _followers = [];
    private volatile ConfigurationSnapshot _current = ConfigurationSnapshot.Empty;

    public ConfigurationSnapshot Current => _current;

    /// <summary>Calls back at once with the snapshot in force and then on each swap, one call at a time, in order. It must return quickly.</summary>
    /// <returns>Dispose to stop.</returns>
    public IDisposable Follow(Action<ConfigurationSnapshot> follower)
    {
        lock (_gate)
        {
            _followers.Add(follower);
            follower(_current);
        }

        return new Following(this, follower);
    }

    /// <summary>Puts a validated snapshot in force and tells the followers.</summary>
    public void Swap(ConfigurationSnapshot next)
    {
        lock (_gate)
        {
            _current = next;
            foreach (var follower in _followers)
            {
                follower(next);
            }
        }
    }

    private sealed class Following(ConfigurationState state, Action<ConfigurationSnapshot> follower) : IDisposable
    {
        public void Dispose()
        {
            lock (state._gate)
            {
                state._followers.Remove(follower);
            }
        }
    }
}
