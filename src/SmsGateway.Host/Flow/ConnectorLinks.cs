using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace SmsGateway.Host.Flow;

// Every connector by name. A link exists as soon as somebody names it (a queue row may name a carrier that the
// configuration has dropped); it is live only while Carriers says so. Bounded by the names that routes ever named.
internal sealed class ConnectorLinks(IOptions<FlowOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConnectorLink> _links = new(StringComparer.Ordinal);

    /// <summary>Raised when any link goes live or dead.</summary>
    public event Action<ConnectorLink>? LiveChanged;

    public ICollection<ConnectorLink> All => _links.Values;

    public ConnectorLink Get(string name) => _links.TryGetValue(name, out var link) ? link : _links.GetOrAdd(name, Create);

    private ConnectorLink Create(string name)
    {
        var link = new ConnectorLink(name, options.Value.LaneCapacity, time);
        link.LiveChanged += changed => LiveChanged?.Invoke(changed);
        return link;
    }
}
