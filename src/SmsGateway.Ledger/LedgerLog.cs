using Microsoft.Extensions.Logging;

namespace SmsGateway.Ledger;

// Everything the ledger logs. Never a message text, a whole number or a key.
internal static partial class LedgerLog
{
    [LoggerMessage(5001, LogLevel.Warning, "Looking again for receipts and outcomes that met failed; the sweep will do it")]
    public static partial void LookedAgainInVain(ILogger logger, Exception exception);

    [LoggerMessage(5002, LogLevel.Information, "Node {Node} holds epoch {Epoch}")]
    public static partial void Registered(ILogger logger, string node, long epoch);

    [LoggerMessage(5003, LogLevel.Information, "Partitions: {Created} created, {Dropped} dropped, {Moved} rows past retention moved for what is open; key generation switched: {Switched}")]
    public static partial void CalendarRan(ILogger logger, int created, int dropped, int moved, bool switched);

    [LoggerMessage(5004, LogLevel.Warning, "The configuration could not be read; trying again each second (said once per outage): {Reason}")]
    public static partial void ConfigurationOutOfReach(ILogger logger, string reason);

    [LoggerMessage(5005, LogLevel.Information, "The node name {Node} is held by another process; watching for {DeadAfter} whether it still renews its lease")]
    public static partial void NameIsHeld(ILogger logger, string node, TimeSpan deadAfter);

    [LoggerMessage(5006, LogLevel.Information, "Hints between nodes are out of reach, polls go on: {Reason}")]
    public static partial void HintsOutOfReach(ILogger logger, string reason);

    [LoggerMessage(5007, LogLevel.Warning, "The ledger's primary is {Server} now; it was {Before}")]
    public static partial void PrimaryFound(ILogger logger, string server, string before);

    // Next free id in Ledger: 5008.
}
