using System.Net;

namespace SmsGateway.Simulator.Carrier;

/// <summary>What a simulated carrier is started with.</summary>
internal sealed record CarrierOptions
{
    /// <summary>Its name; first part of the names of its binds.</summary>
    public string Name { get; init; } = "carrier";

    /// <summary>Where it listens for SMPP; port 0 lets the system choose.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where it listens for its control interface; port 0 lets the system choose.</summary>
    public IPEndPoint Control { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Seed of every random decision.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The only system_id it knows.</summary>
    public string SystemId { get; init; } = "smsgw";

    /// <summary>The password of that system_id.</summary>
    public string Password { get; init; } = "smsgw";

    /// <summary>Submits kept in the journal; more are only counted.</summary>
    public int JournalCapacity { get; init; } = 5_000_000;

    /// <summary>Receipts waiting for a bind, a window or a delay; more are dropped and counted.</summary>
    public int MaxPendingReceipts { get; init; } = 2_000_000;

    /// <summary>Log to the console.</summary>
    public bool Log { get; init; }
}
