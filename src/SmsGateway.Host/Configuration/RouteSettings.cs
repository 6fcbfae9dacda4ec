namespace SmsGateway.Host.Configuration;

/// <summary>From (destination prefix, account, sender) to connectors in order of preference. Prefix "" is the default route.</summary>
internal sealed record RouteSettings
{
    public string Prefix { get; init; } = "";

    /// <summary>Only for this account; null = any.</summary>
    public string? Account { get; init; }

    /// <summary>Only for this sender; null = any.</summary>
    public string? Sender { get; init; }

    public IReadOnlyList<string> Carriers { get; init; } = [];

    /// <summary>Per segment, to the customer.</summary>
    public decimal Price { get; init; }

    /// <summary>Per segment, to the carrier.</summary>
    public decimal Cost { get; init; }

    /// <summary>ISO 4217, three capitals; null = the amounts mean nothing.</summary>
    public string? Currency { get; init; }

    public bool Enabled { get; init; } = true;
}
