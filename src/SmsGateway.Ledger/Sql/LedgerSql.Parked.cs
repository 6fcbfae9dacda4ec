namespace SmsGateway.Ledger;

// The parked list: what an operator drives again or discards. FOR UPDATE SKIP LOCKED and DELETE: of two operators one does it.
internal static partial class LedgerSql
{
    // $1 ids (null = all of the filter), $2 kind, $3 connector, $4 account (each null = any), $5 parked before, $6 limit.
    private const string ParkedChosen = """
        SELECT p.ctid AS place, p.* FROM parked p
        WHERE ($1::uuid[] IS NULL OR p.id = ANY ($1::uuid[])) AND ($2::text IS NULL OR p.kind = $2::text)
            AND ($3::text IS NULL OR p.connector = $3::text) AND ($4::text IS NULL OR p.account = $4::text) AND p.at <= $5::timestamptz
        ORDER BY p.at LIMIT $6::integer
        """;

    // A segment that can be driven again: without its message there is nothing to send.
    private const string ParkedWithMessage =
        "(c.kind = 'segment' AND c.segment IS NOT NULL AND (SELECT true FROM entry e WHERE e.id = c.entry_id AND e.day = c.entry_day LIMIT 1) IS TRUE)";

    // A delivery that is owed to somebody.
    private const string ParkedWithDelivery = "(c.kind IN ('delivery', 'mo_suppressed') AND c.delivery IS NOT NULL)";

    /// <summary>How many a choice means, by kind, and of these what can be driven again. $1 to $6 see <c>ParkedChosen</c>.</summary>
    public const string CountParked = $$"""
        SELECT c.kind, count(*), count(*) FILTER (WHERE {{ParkedWithMessage}} OR {{ParkedWithDelivery}}) FROM ({{ParkedChosen}}) c GROUP BY c.kind
        """;

    /// <summary>
    /// Drives again what can be (the rest stays on the list): segments into the queue of this node under their next number, with their failures forgotten; deliveries into its
    /// outbox under the same id. What has a place of its own again by now is only taken off the list. $1 to $6 as above, $7 now, $8 actor, $9 role,
    /// $10 at which node, $11 which (for the audit), $12 note, $13 node, $14 epoch.
    /// </summary>
    public const string RedriveParked = $$"""
        WITH chosen AS MATERIALIZED ({{ParkedChosen}} FOR UPDATE SKIP LOCKED), gone AS (
            DELETE FROM parked p USING chosen c
            WHERE p.ctid = c.place AND ({{ParkedWithMessage}} OR {{ParkedWithDelivery}})
            RETURNING p.*
        ), segments AS (
            INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector)
            SELECT $7::timestamptz, e.valid_until, $14::bigint, e.id, e.day, g.segment, COALESCE(x.last, 0) + 1, $13::smallint, e.priority, e.parts, 0,
                COALESCE(g.connector, e.route[1])
            FROM gone g
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = g.entry_id AND e.day = g.entry_day LIMIT 1) e
            CROSS JOIN LATERAL (
                SELECT max(x.number) AS last FROM attempt_end x WHERE x.id = g.entry_id AND x.day = g.entry_day AND x.segment = g.segment) x
            WHERE g.kind = 'segment'
                AND (SELECT true FROM attempt a WHERE a.id = g.entry_id AND a.segment = g.segment LIMIT 1) IS NULL
            ORDER BY e.id, g.segment
            ON CONFLICT DO NOTHING
            RETURNING 1
        ), unended AS (
            DELETE FROM delivery_end d USING gone g WHERE g.kind = 'delivery' AND d.delivery_id = g.id AND d.how = 2
        ), deliveries AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $7::timestamptz, $7::timestamptz, o.accepted_at, o.done_at, $14::bigint, o.delivery_id, o.entry_id, o.entry_day, o.segment, $13::smallint, o.kind,
                o.protocol, o.offers, o.state, o.result_code, o.esm_class, o.data_coding, o.account, o.client_message_id, o.app_id, o.conversation_id, o.connector,
                o.source, o.destination, o.error, g.raw
            FROM gone g CROSS JOIN LATERAL jsonb_populate_record(NULL::outbox, g.delivery) o
            WHERE g.kind IN ('delivery', 'mo_suppressed') ORDER BY o.delivery_id
            ON CONFLICT DO NOTHING
            RETURNING 1
        ), audited AS (
            INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
            SELECT $7::timestamptz, $8::text, $9::text, $10::text, 'parked redriven', $11::text, (SELECT count(*) FROM chosen) || ' parked',
                (SELECT count(*) FROM segments) || ' segments, ' || (SELECT count(*) FROM deliveries) || ' deliveries', $12::text
        )
        SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM segments), (SELECT count(*) FROM deliveries)
        """;

    /// <summary>
    /// Takes off the list what nothing more is to become of. Not segments whose message is there: they would be nowhere; driven again they end with a
    /// receipt. $1 to $12 as <see cref="RedriveParked"/>.
    /// </summary>
    public const string DiscardParked = $$"""
        WITH chosen AS MATERIALIZED ({{ParkedChosen}} FOR UPDATE SKIP LOCKED), gone AS (
            DELETE FROM parked p USING chosen c WHERE p.ctid = c.place AND NOT {{ParkedWithMessage}} RETURNING p.id
        ), audited AS (
            INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
            SELECT $7::timestamptz, $8::text, $9::text, $10::text, 'parked discarded', $11::text, (SELECT count(*) FROM chosen) || ' parked',
                (SELECT count(*) FROM gone) || ' discarded', $12::text
        )
        SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM gone), 0::bigint
        """;
}
