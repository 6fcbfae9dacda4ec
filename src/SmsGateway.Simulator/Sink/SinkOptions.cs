using System.Net;

namespace SmsGateway.Simulator.Sink;

/// <summary>What a callback sink is started with.</summary>
internal sealed record SinkOptions
{
    /// <summary>Where it listens; port 0 lets the system choose.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>A file that gets one JSON line per callback; null = none.</summary>
    public string? JournalFile { get; init; }

    /// <summary>Callbacks kept; more are only counted.</summary>
    public int Capacity { get; init; } = 2_000_000;

    /// <summary>Seed of the random failures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Log to the console.</summary>
    public bool Log { get; init; }
}
