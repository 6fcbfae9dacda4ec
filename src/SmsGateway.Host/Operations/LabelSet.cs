using System.Collections.Concurrent;

namespace SmsGateway.Host.Operations;

// Keeps one label of a metric bounded: the first values seen keep their name, all later ones are "other".
internal sealed class LabelSet(int limit)
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _count;

    public string Label(string value)
    {
        if (_known.TryGetValue(value, out var label))
        {
            return label;
        }

        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            return Other;
        }

        if (!_known.TryAdd(value, value))
        {
            Interlocked.Decrement(ref _count);
        }

        return value;
    }
}
