namespace SmsGateway.Drills.Play;

/// <summary>One drill: what is hurt, and what that proves.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Fault">What is done to real processes.</param>
/// <param name="Proves">The promise that must hold all the same.</param>
/// <param name="PlayAsync">Does it.</param>
internal sealed record Drill(string Name, string Fault, string Proves, Func<DrillRun, Task> PlayAsync)
{
    /// <summary>Nodes it needs, site after the dot.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = FourNodes;

    /// <summary>Nodes of its short form; most of what it costs is their start.</summary>
    public IReadOnlyList<string> NodesShortly { get; init; } = TwoNodes;

    /// <summary>Not in the short form of <c>all</c>, for its time.</summary>
    public bool OnlyAtLength { get; init; }

    /// <summary>Its carriers' policy is to send again what is in doubt; with no other drill is anything sent again.</summary>
    public bool SendsAgain { get; init; }

    /// <summary>Why it cannot be done here; null = it can.</summary>
    public Func<string?> Obstacle { get; init; } = () => null;

    public static IReadOnlyList<string> FourNodes { get; } = ["smsc1.dc3", "smsc2.dc3", "smsc1.bos", "smsc2.bos"];

    public static IReadOnlyList<string> TwoNodes { get; } = ["smsc1.dc3", "smsc1.bos"];
}
