namespace SmsGateway.Ledger;

/// <summary>What the ledger is like now.</summary>
/// <param name="Reachable">It answered, is a primary and durable.</param>
/// <param name="OnOneMachine">No synchronous standby: what is committed is on one machine only.</param>
/// <param name="ClockOffset">This node's clock minus the ledger's (the round trip halved out).</param>
/// <param name="Problem">What is wrong, in a sentence; null when nothing is.</param>
public sealed record LedgerCondition(bool Reachable, bool OnOneMachine, TimeSpan ClockOffset, string? Problem);

/// <summary>Asks the ledger how it is.</summary>
public sealed class LedgerHealth
{
    /// <summary>Asks now; never throws for a ledger that is away.</summary>
    public Task<LedgerCondition> CheckAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
