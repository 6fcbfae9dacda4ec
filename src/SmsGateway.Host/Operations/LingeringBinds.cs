using System.Collections.Concurrent;

namespace SmsGateway.Host.Operations;

/// <summary>How long octets of a socket that was closed, or whose process died, may still reach a carrier: Carriers:TcpUserTimeout.</summary>
internal sealed record SocketDrain(TimeSpan Time)
{
    public static SocketDrain Default { get; } = new(TimeSpan.FromSeconds(30));
}

// The binds of this process to carriers whose socket is open, or was closed so lately that it may still drain: nothing that was attempted on one of
// them is sent again. By the monotonic clock. Bounded by the binds there are and those that can be made anew within the drain.
internal sealed class LingeringBinds(SocketDrain drain, TimeProvider time)
{
    private const long Open = long.MaxValue;
    private readonly ConcurrentDictionary<string, long> _binds = new(StringComparer.Ordinal);

    public TimeSpan Drain => drain.Time;

    /// <summary>Names of this moment. A bind of which an attempt was seen before the call, and which is not among them, has drained.</summary>
    public IReadOnlySet<string> Names
    {
        get
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, closedAt) in _binds)
            {
                if (closedAt == Open || time.GetElapsedTime(closedAt) < drain.Time)
                {
                    names.Add(name);
                }
                else
                {
                    _binds.TryRemove(KeyValuePair.Create(name, closedAt));
                }
            }

            return names;
        }
    }

    /// <summary>Call before the bind can carry anything.</summary>
    public void Opened(string name) => _binds[name] = Open;

    /// <summary>Call after its socket was closed.</summary>
    public void Closed(string name) => _binds[name] = time.GetTimestamp();
}
