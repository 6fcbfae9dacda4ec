using SmsGateway.Simulator.Behaviour;

namespace SmsGateway.Simulator.Sink;

/// <summary>How the simulated customer answers its callbacks.</summary>
internal sealed record SinkBehaviour
{
    /// <summary>HTTP status of an answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Time before the answer.</summary>
    public DelayRange DelayMs { get; init; }

    /// <summary>Share of callbacks answered with <see cref="FailStatus"/>, 0 to 1.</summary>
    public double FailRatio { get; init; }

    /// <summary>HTTP status of a failed callback.</summary>
    public int FailStatus { get; init; } = 503;

    /// <summary>Callbacks are recorded and never answered.</summary>
    public bool Hang { get; init; }

    /// <summary>Connections are reset and nothing is recorded.</summary>
    public bool Down { get; init; }

    public static string? Errors(SinkBehaviour b)
    {
        if (b.FailRatio is not (>= 0 and <= 1))
            return "failRatio must be between 0 and 1";
        if (b.Status is < 100 or > 599 || b.FailStatus is < 100 or > 599)
            return "status and failStatus must be HTTP status codes";
        return b.DelayMs.Min < 0 ? "delayMs must not be negative" : null;
    }
}
