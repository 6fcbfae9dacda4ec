using System.Globalization;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Faults;

// Faults that somebody else does while the run lasts (--marks FILE), one line each: microseconds since 1970, TAB, what, TAB, the names of the nodes it
// hurts, separated by commas. They are reported as the run's own.
internal static class Marks
{
    /// <param name="file">Null = none.</param>
    /// <param name="nodes">In the order of their numbers.</param>
    /// <param name="unixMicrosAtStart">The run's beginning.</param>
    /// <exception cref="LoadFailure">A line is none, or names a node that is none.</exception>
    public static IReadOnlyList<Fault> Read(string? file, IReadOnlyList<Node> nodes, long unixMicrosAtStart)
        => file is null || !File.Exists(file) ? [] : [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Parse(line, nodes, unixMicrosAtStart))];

    private static Fault Parse(string line, IReadOnlyList<Node> nodes, long unixMicrosAtStart)
    {
        string[] fields = line.Split('\t');
        if (fields.Length != 3 || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long at))
            throw new LoadFailure($"--marks: a line must be MICROSECONDS, WHAT and NODES, not \"{line}\"");
        IReadOnlySet<int> hurt = fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => Number(name, nodes)).ToHashSet();
        return new Fault(new FaultStep(FaultKind.Outside, [fields[1]], 0, 0), hurt, (at - unixMicrosAtStart) / 1e6);
    }

    private static int Number(string name, IReadOnlyList<Node> nodes)
        => nodes.ToList().FindIndex(node => node.Name == name) is >= 0 and int number ? number : throw new LoadFailure($"--marks: no node is named {name}");
}
