using System.Collections.Concurrent;

namespace SmsGateway.Host.Operations;

/// <summary>Which side of the gateway a bind is on.</summary>
internal enum BindSide
{
    /// <summary>A customer bound to us.</summary>
    Account,

    /// <summary>We bound to a carrier.</summary>
    Carrier,
}

/// <summary>One live bind as the admin interface shows it. The functions are read when somebody looks and must be quick.</summary>
internal sealed record BindListing
{
    /// <summary><c>account@node#n</c> or <c>carrier@node#n</c>; the ledger's attempts carry the same name.</summary>
    public required string Name { get; init; }

    public required BindSide Side { get; init; }

    /// <summary>Account or connector.</summary>
    public required string Party { get; init; }

    /// <summary><c>TX</c>, <c>RX</c> or <c>TRX</c>.</summary>
    public required string Type { get; init; }

    /// <summary>ADDRESS:PORT of the peer.</summary>
    public required string Remote { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required int Window { get; init; }

    /// <summary>Our requests not yet answered.</summary>
    public required Func<int> Outstanding { get; init; }

    /// <summary>The peer's requests not yet answered.</summary>
    public required Func<int> IncomingOutstanding { get; init; }
}

// The binds that are up on this node. The edges put them in and take them out; the admin interface and the list of doubts read.
internal sealed class BindDirectory
{
    private readonly ConcurrentDictionary<string, BindListing> _binds = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<BindListing> All => [.. _binds.Values.OrderBy(bind => bind.Name, StringComparer.Ordinal)];

    public bool Contains(string name) => _binds.ContainsKey(name);

    /// <returns>Dispose when the bind has ended, after its open attempts got their ends.</returns>
    public IDisposable Add(BindListing bind) =>
        _binds.TryAdd(bind.Name, bind) ? new Listed(this, bind) : throw new InvalidOperationException($"bind {bind.Name} is listed already");

    private sealed class Listed(BindDirectory directory, BindListing bind) : IDisposable
    {
        public void Dispose() => directory._binds.TryRemove(KeyValuePair.Create(bind.Name, bind));
    }
}
