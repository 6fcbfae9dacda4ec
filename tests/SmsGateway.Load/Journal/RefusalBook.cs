using System.Globalization;

namespace SmsGateway.Load.Journal;

/// <summary>One submission that was answered with an error status.</summary>
/// <param name="At">Timestamp.</param>
/// <param name="Node">Number of the node that answered.</param>
/// <param name="Status">Such as 0x58 or HTTP 503.</param>
internal readonly record struct Refusal(long At, int Node, string Status);

// Every submission answered with an error status, whether it was offered again later or not. Beyond a million only counted.
internal sealed class RefusalBook(TimeProvider time)
{
    private const int Kept = 1_000_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _byStatus = new(StringComparer.Ordinal);
    private readonly List<Refusal> _refusals = [];

    /// <summary>How often, by status.</summary>
    public IReadOnlyDictionary<string, int> ByStatus
    {
        get
        {
            lock (_gate)
                return new SortedDictionary<string, int>(_byStatus, StringComparer.Ordinal);
        }
    }

    /// <summary>Those kept, oldest first.</summary>
    public Refusal[] All
    {
        get
        {
            lock (_gate)
                return [.. _refusals];
        }
    }

    public void Take(int node, uint status) => Take(node, string.Create(CultureInfo.InvariantCulture, $"0x{status:X2}"));

    public void Take(int node, string status)
    {
        lock (_gate)
        {
            _byStatus[status] = _byStatus.GetValueOrDefault(status) + 1;
            if (_refusals.Count < Kept)
                _refusals.Add(new Refusal(time.GetTimestamp(), node, status));
        }
    }
}
