namespace SmsGateway.Ledger;

/// <summary>What the ledger is like now.</summary>
/// <param name="Reachable">It answered, is a primary and durable.</param>
/// <param name="OnOneMachine">No synchronous standby: what is committed is on one machine only.</param>
/// <param name="ClockOffset">This node's clock minus the ledger's, at the middle of the round trip.</param>
/// <param name="Problem">What is wrong, in a sentence; null when nothing is.</param>
public sealed record LedgerCondition(bool Reachable, bool OnOneMachine, TimeSpan ClockOffset, string? Problem);

/// <summary>Asks the ledger how it is, and sets the node's <see cref="SteadyClock"/> by it.</summary>
public sealed class LedgerHealth
{
    /// <summary>How far a node's clock may be off the ledger's, either way.</summary>
    public static readonly TimeSpan MostClockOffset = TimeSpan.FromSeconds(5);

    // A slower answer says too little about whose clock is off.
    private static readonly TimeSpan MostRoundTrip = TimeSpan.FromSeconds(1);

    private readonly LedgerCore _core;

    internal LedgerHealth(LedgerCore core) => _core = core;

    /// <summary>Asks now; never throws for a ledger that is away.</summary>
    public async Task<LedgerCondition> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var machine = SteadyClock.MachineOf(_core.Time);
            var began = machine.GetUtcNow();
            var rows = await _core.ReadAsync(
                b => b.Add(LedgerSql.Condition),
                row => (Standby: row.GetBoolean(0), Fsync: row.GetString(1), Commit: row.GetString(2), Names: row.GetString(3), At: row.GetDateTime(4)),
                cancellationToken);
            var answer = rows[0];
            var now = machine.GetUtcNow();
            var offset = began + ((now - began) / 2) - new DateTimeOffset(answer.At);
            if (_core.Time is SteadyClock steady && (now - began).Duration() < MostRoundTrip)
            {
                steady.Correct(offset);
            }

            var isWeak = answer.Fsync != "on" || answer.Commit is "off" or "local";
            var problem = answer.Standby ? "The server is a standby, not the primary."
                : isWeak && _core.Options.RequireDurability ? "The server runs with fsync or synchronous_commit off: nothing it says is durable."
                : null;
            return new LedgerCondition(problem is null, answer.Names.Length == 0 || answer.Commit is "off" or "local", offset, problem);
        }
        catch (Exception e) when (e is LedgerUnavailableException or LedgerDefectException)
        {
            return new LedgerCondition(false, false, TimeSpan.Zero, e.Message);
        }
    }
}
