using System.Text.Json;

namespace SmsGateway.Ledger;

/// <summary>Whom a node can hand something to: told with each renewal, up to a renewal old.</summary>
/// <param name="Accounts">Accounts with a receiving bind there, sorted.</param>
/// <param name="Carriers">Connectors with a live bind there that takes submits, sorted.</param>
public sealed record NodeReach(IReadOnlyList<string> Accounts, IReadOnlyList<string> Carriers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// Names of the live binds to carriers there, whatever its mode: an open attempt of its present epoch on another bind is in doubt. Null when it
    /// did not tell (another version).
    /// </summary>
    public IReadOnlyList<string>? Binds { get; init; }

    /// <summary>Nobody.</summary>
    public static NodeReach None { get; } = new([], []);

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    internal static NodeReach FromJson(string? json)
    {
        try
        {
            return json is null ? None : JsonSerializer.Deserialize<NodeReach>(json, Json) is { Accounts: not null, Carriers: not null } reach ? reach : None;
        }
        catch (JsonException)
        {
            // Written by another version: as good as nobody.
            return None;
        }
    }
}

/// <summary>What a node tells with a renewal.</summary>
/// <param name="Reach">Whom it can reach; null when that has not changed since it was last told.</param>
/// <param name="ConfigurationVersion">The version of the configuration it works with; null before the first.</param>
/// <param name="ConfigurationHash">The hash of that document; null before the first.</param>
/// <param name="Held">Records in its journal that are not in the ledger yet.</param>
public sealed record NodeReport(NodeReach? Reach, long? ConfigurationVersion, string? ConfigurationHash, long Held = 0);

/// <summary>A node as its row in the ledger has it.</summary>
public sealed record NodeStanding
{
    /// <summary>Its number.</summary>
    public required short Id { get; init; }

    /// <summary>Its name, unique in the installation.</summary>
    public required string Name { get; init; }

    /// <summary>Its datacentre.</summary>
    public required string Site { get; init; }

    /// <summary>The mode an operator gave this node.</summary>
    public NodeMode Mode { get; init; }

    /// <summary>The mode an operator gave its site.</summary>
    public NodeMode SiteMode { get; init; }

    /// <summary>The more restrictive of the two.</summary>
    public NodeMode Effective => Mode > SiteMode ? Mode : SiteMode;

    /// <summary>It holds a lease: nobody took over and it did not leave. Whether it renews is for each observer to judge.</summary>
    public bool Live { get; init; }

    /// <summary>Grows with each new lease and with each taking over.</summary>
    public required long Epoch { get; init; }

    /// <summary>Renewals of this epoch.</summary>
    public required long Counter { get; init; }

    /// <summary>The version of the software.</summary>
    public string? Version { get; init; }

    /// <summary>The configuration version it works with, as it last told.</summary>
    public long? ConfigurationVersion { get; init; }

    /// <summary>The hash of that document.</summary>
    public string? ConfigurationHash { get; init; }

    /// <summary>Whom it can reach.</summary>
    public NodeReach Reach { get; init; } = NodeReach.None;

    /// <summary>Records in its own journal that are not in the ledger yet, as it last told.</summary>
    public long Held { get; init; }

    /// <summary>When it took its epoch, by its own clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its last renewal by its own clock: for people, never for a decision.</summary>
    public DateTimeOffset? RenewedAt { get; init; }
}

/// <summary>What a renewal brought.</summary>
/// <param name="Renewed">False: the epoch was taken over, or the lease had run out before the answer came. The node must register again.</param>
/// <param name="Nodes">All nodes, by name, this one included.</param>
/// <param name="LatestConfiguration">The configuration version in force; null when none was ever applied.</param>
public sealed record Renewal(bool Renewed, IReadOnlyList<NodeStanding> Nodes, long? LatestConfiguration);

/// <summary>What a node still owns.</summary>
/// <param name="Segments">Waiting segments.</param>
/// <param name="Deliveries">Deliveries owed.</param>
/// <param name="Attempts">Attempts of its present epoch whose answer may still come: their bind is up, or the node has not told its binds.</param>
public readonly record struct NodeLeftovers(long Segments, long Deliveries, long Attempts);
