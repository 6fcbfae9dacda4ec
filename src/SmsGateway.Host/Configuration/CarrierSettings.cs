using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>A carrier's SMSC and the contract with it.</summary>
internal sealed record CarrierSettings
{
    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    public required string Host { get; init; }

    public int Port { get; init; } = 2775;

    public string SystemId { get; init; } = "";

    /// <summary>In clear: a bind has to send it.</summary>
    public string Password { get; init; } = "";

    public string SystemType { get; init; } = "";

    public CarrierBindType BindType { get; init; } = CarrierBindType.Transceiver;

    /// <summary>Binds from one node; with transmitterReceiver this many of each.</summary>
    public int BindsPerNode { get; init; } = 1;

    /// <summary>Binds from all nodes together, transmitters and receivers counted one by one; null = no limit.</summary>
    public int? MaxBinds { get; init; }

    /// <summary>Requests unanswered on one bind. Carriers usually allow 10; more than they allow gets binds dropped.</summary>
    public int Window { get; init; } = 10;

    /// <summary>submit_sm per second of the whole contract; null = no limit.</summary>
    public double? Tps { get; init; }

    /// <summary>Sites that connect; null = all.</summary>
    public IReadOnlyList<string>? Sites { get; init; }

    /// <summary>Nodes that connect; null = all.</summary>
    public IReadOnlyList<string>? Nodes { get; init; }

    public CarrierQuirks Quirks { get; init; } = new();

    public CarrierStatuses Statuses { get; init; } = new();

    /// <summary>Pause before a segment is offered again after a retryable status.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    public CarrierReconnect Reconnect { get; init; } = new();

    public CarrierCircuit Circuit { get; init; } = new();

    /// <summary>What becomes of submits in doubt; null = held, all of them. Not written when null: the version before does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CarrierDoubt? Doubt { get; init; }

    /// <summary>The policy for what is in doubt at this carrier.</summary>
    public DoubtPolicy DoubtOf(Priority priority)
    {
#if DRILL
        if (Mutant.Is("doubt-sent-again"))
        {
            return DoubtPolicy.Resend;
        }
#endif
        return Doubt?.Of(priority) ?? DoubtPolicy.Hold;
    }

    /// <summary>Whether a node of this name at this site is to bind at all.</summary>
    public bool ConnectsFrom(string site, string node) =>
        Enabled && (Sites?.Contains(site) ?? true) && (Nodes?.Contains(node) ?? true);
}
