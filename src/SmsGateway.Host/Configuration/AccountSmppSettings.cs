namespace SmsGateway.Host.Configuration;

/// <summary>What an account may do over SMPP.</summary>
internal sealed record AccountSmppSettings
{
    public bool Enabled { get; init; } = true;

    /// <summary>Requests unanswered on one bind, in each direction.</summary>
    public int Window { get; init; } = 10;

    /// <summary>Binds of this account on one node.</summary>
    public int BindsPerNode { get; init; } = 8;
}
