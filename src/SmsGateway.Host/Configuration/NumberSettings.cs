using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>A number or short code of ours and the account its MOs belong to.</summary>
internal sealed record NumberSettings
{
    public required string Number { get; init; }

    public required string Account { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>How its MOs go out; null = binds where there are any, else the callback.</summary>
    public Protocol? Protocol { get; init; }
}
