namespace SmsGateway.Ledger;

// The installation as a whole: the key of the keyed hash. One row.
internal sealed class InstallationRow
{
    public bool OnlyOne { get; set; } = true;

    public byte[] Key { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }
}

// One node: who may emit, since which epoch.
internal sealed class NodeRow
{
    public short Id { get; set; }

    public string Name { get; set; } = "";

    public string Site { get; set; } = "";

    public string Mode { get; set; } = "";

    public long Epoch { get; set; }

    public long Counter { get; set; }

    public string? Version { get; set; }

    public string? ConfigurationHash { get; set; }

    public string? Reach { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public bool Live { get; set; }

    public string? Process { get; set; }

    public DateTimeOffset? RenewedAt { get; set; }

    public long? ConfigurationVersion { get; set; }
}

// What an operator decided about a site. No row: hot.
internal sealed class SiteRow
{
    public string Name { get; set; } = "";

    public string Mode { get; set; } = "";
}

// Something that somebody changed.
internal sealed class AuditRow
{
    public long Seq { get; set; }

    public DateTimeOffset At { get; set; }

    public string Actor { get; set; } = "";

    public string Role { get; set; } = "";

    public string Node { get; set; } = "";

    public string Action { get; set; } = "";

    public string Target { get; set; } = "";

    public string? Before { get; set; }

    public string? After { get; set; }

    public string? Note { get; set; }
}

// One version of the configuration document.
internal sealed class ConfigurationRow
{
    public long Version { get; set; }

    public string Document { get; set; } = "";

    public string Hash { get; set; } = "";

    public DateTimeOffset AppliedAt { get; set; }

    public string AppliedBy { get; set; } = "";

    public string? Note { get; set; }
}
