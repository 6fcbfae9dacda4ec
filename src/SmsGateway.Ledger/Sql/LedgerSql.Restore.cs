namespace SmsGateway.Ledger;

// Restores to a point in time and their quarantine: rare, and whole transactions.
internal static partial class LedgerSql
{
    /// <summary>A node has seen the ledger go back in time: nobody emits until an operator has looked. $1 node, $2 what it saw.</summary>
    public const string SuspectRestore = "SELECT restore_suspect($1::text, $2::text)";

    /// <summary>Puts in doubt whatever may have been emitted since the point in time. $1 by whom, $2 the point in time (null = the last renewal of a lease).</summary>
    public const string QuarantineRestore = "SELECT restore_quarantine($1::text, $2::timestamptz)";

    /// <summary>
    /// Ends the quarantine; without one that has put everything in doubt only when it was a false alarm. $1 now, $2 false alarm.
    /// No row: there is none, or it has not.
    /// </summary>
    public const string ReleaseRestore = """
        UPDATE restore SET released_at = $1::timestamptz WHERE released_at IS NULL AND (quarantined_at IS NOT NULL) <> $2::boolean RETURNING seq
        """;

    /// <summary>For the audit. $1 now, $2 actor, $3 role, $4 node, $5 action, $6 target, $7 before, $8 after, $9 note.</summary>
    public const string AuditRestore = """
        INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
        VALUES ($1::timestamptz, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text)
        """;

    /// <summary>The latest restore, what of it is still in doubt, and what is open besides.</summary>
    public const string RestoreStatus = """
        SELECT r.seq, r.opened_at, r.opened_by, r.evidence, r.since, r.quarantined_at, r.released_at, r.segments, r.attempts,
            (SELECT count(*) FROM attempt WHERE bind LIKE 'restore@%'), (SELECT count(*) FROM queue), (SELECT count(*) FROM outbox), clock_timestamp()
        FROM restore r ORDER BY r.seq DESC LIMIT 1
        """;
}
