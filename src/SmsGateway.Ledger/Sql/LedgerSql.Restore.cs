namespace SmsGateway.Ledger;

// Restores to a point in time and their quarantine: rare, and whole transactions.
internal static partial class LedgerSql
{
    /// <summary>A node has seen the ledger go back in time: nobody emits until an operator has looked. $1 node, $2 what it saw.</summary>
    public const string SuspectRestore = "SELECT restore_suspect($1::text, $2::text)";

    /// <summary>Puts in doubt whatever may have been emitted since the point in time. $1 by whom, $2 the point in time (null = the last renewal of a lease).</summary>
    public const string QuarantineRestore = "SELECT restore_quarantine($1::text, $2::timestamptz)";

    /// <summary>
    /// Puts parked segments in doubt too, as attempts under the number that driving them again would have given them: one may have been driven again and sent
    /// since the point in time. $1 which restore.
    /// </summary>
    public const string QuarantineParked = """
        WITH gone AS (
            DELETE FROM parked p USING entry e
            WHERE p.kind = 'segment' AND p.segment IS NOT NULL AND e.id = p.entry_id AND e.day = p.entry_day
            RETURNING p.at, p.segment, COALESCE(p.connector, e.route[1]) AS connector, e.id, e.day, e.node, e.epoch, e.priority, e.parts, e.valid_until
        ), doubted AS (
            INSERT INTO attempt (at, valid_until, epoch, id, day, segment, number, owner, priority, parts, failures, connector, bind)
            SELECT g.at, g.valid_until, g.epoch, g.id, g.day, g.segment, COALESCE(x.last, 0) + 1, g.node, g.priority, g.parts, 0, g.connector,
                'restore@' || COALESCE(n.name, '') || '#0'
            FROM gone g LEFT JOIN node n ON n.id = g.node
            CROSS JOIN LATERAL (SELECT max(x.number) AS last FROM attempt_end x WHERE x.id = g.id AND x.day = g.day AND x.segment = g.segment) x
            WHERE NOT EXISTS (SELECT FROM attempt a WHERE a.id = g.id AND a.segment = g.segment)
            ON CONFLICT DO NOTHING
            RETURNING 1
        )
        UPDATE restore SET segments = segments + (SELECT count(*) FROM doubted) WHERE seq = $1::bigint
        """;

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
