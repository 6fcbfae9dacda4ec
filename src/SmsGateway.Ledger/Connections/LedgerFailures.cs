using System.Text;
using Npgsql;

namespace SmsGateway.Ledger;

// The fate of a transaction is unknown: a notice at its end, or silence. Retried with the same ids.
internal sealed class UnknownOutcomeException(string message) : Exception(message);

// What an exception of the driver or the server means.
internal static class LedgerFailures
{
    public const string Fenced = "SG001";
    public const string Quarantined = "SG002";

    /// <summary>For group commits: split, retry or fail.</summary>
    public static CommitFailure Classify(Exception e) => e switch
    {
        FencedException or LedgerDefectException => CommitFailure.Fatal,
        PostgresException p => OfState(p.SqlState),
        UnknownOutcomeException or NpgsqlException or LedgerUnavailableException or IOException or TimeoutException => CommitFailure.Transient,
        // The driver refuses a value before it is sent: a lone surrogate, a number out of range.
        EncoderFallbackException or ArgumentException or OverflowException or InvalidCastException => CommitFailure.Data,
        _ => CommitFailure.Fatal,
    };

    /// <summary>The exception callers see.</summary>
    public static Exception Translate(Exception e) => e switch
    {
        PostgresException { SqlState: Fenced } => new FencedException("This node's epoch was taken over; it must stop emitting.", e),
        PostgresException { SqlState: Quarantined } => new QuarantinedException(
            "The ledger is in quarantine after a restore to an earlier point in time, so nothing is emitted: 'SmsGateway.Host restore status' says more, docs/restore.md what to do.", e),
        LedgerUnavailableException or FencedException or LedgerDefectException or OperationCanceledException => e,
        NpgsqlException { InnerException: LedgerUnavailableException inner } => inner,
        // EF Core wraps what it takes for transient.
        InvalidOperationException { InnerException: NpgsqlException inner } => Translate(inner),
        PostgresException p when OfState(p.SqlState) != CommitFailure.Transient => new LedgerDefectException("The ledger refused a statement: " + p.MessageText, e),
        UnknownOutcomeException or NpgsqlException or IOException or TimeoutException => new LedgerUnavailableException("The ledger is out of reach: " + e.Message, e),
        _ => e,
    };

    /// <summary>Whether it gives reason to doubt that the server is (still) the primary: no answer, no login, shutting down, read-only.</summary>
    public static bool IsOfServer(Exception e) => e switch
    {
        PostgresException p => p.SqlState[..2] is "08" or "28" or "3D" or "57" or "58" || p.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException or UnknownOutcomeException or LedgerUnavailableException or IOException or TimeoutException => true,
        _ => false,
    };

    // Classes 22 (data), 23 (constraint), 54 (limit): the item's fault. 42 and 0A: a statement that does not suit the
    // schema. All else (connection, shutdown, serialization, resources, read-only after a failover): try again. So for 28 and 3D,
    // a login that is refused (a server that is being set up anew, a password that is being changed): no item is at fault, and a node that
    // runs must not end or throw anything away for it. At the start it is an error like any other and is explained.
    private static CommitFailure OfState(string state) => state[..2] switch
    {
        "22" or "23" or "54" => CommitFailure.Data,
        "42" or "0A" or "SG" or "P0" => CommitFailure.Fatal,
        _ => CommitFailure.Transient,
    };
}
