namespace SmsGateway.Load.Faults;

/// <summary>One fault that was done.</summary>
/// <param name="Step">What, to whom.</param>
/// <param name="Nodes">Numbers of the nodes among them.</param>
/// <param name="AtSeconds">When, in seconds of the run.</param>
internal sealed record Fault(FaultStep Step, IReadOnlySet<int> Nodes, double AtSeconds)
{
    /// <summary>Seconds until what was to end was gone; null = it was not to end, or is still there.</summary>
    public double? GoneSeconds { get; init; }

    /// <summary>Seconds the restart command took; null = none.</summary>
    public double? RestartSeconds { get; init; }

    /// <summary>Seconds from the fault until all its processes were ready again by their own word; null = nobody was asked.</summary>
    public double? ReadySeconds { get; init; }

    /// <summary>What went wrong with the fault itself; the run does not pass, and no further fault is done.</summary>
    public string? Trouble { get; init; }
}
