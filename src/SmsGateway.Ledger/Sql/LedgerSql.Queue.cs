namespace SmsGateway.Ledger;

// Reading and tending the queue of one node.
internal static partial class LedgerSql
{
    /// <summary>Segments of one lane that are due. $1 node, $2 epoch, $3 connector, $4 priority, $5 after seq, $6 now, $7 limit, $8 before seq.</summary>
    public const string FetchQueue = """
        SELECT q.id, q.day, q.segment, q.attempt, q.connector, q.priority, q.seq, q.due_at, q.valid_until, q.parts, q.failures,
            e.account, e.route, e.sender, e.data_coding, e.esm_class, e.protocol_id, e.registered, t.destination, t.payloads[q.segment],
            CASE WHEN q.parts > 1 THEN COALESCE(
                (SELECT a.connector FROM attempt a WHERE a.id = q.id ORDER BY a.at DESC LIMIT 1),
                (SELECT x.connector FROM attempt_end x WHERE x.id = q.id AND x.day = q.day AND x.kind NOT IN (2, 3) ORDER BY x.at DESC LIMIT 1)) END
        FROM queue q
        CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = q.id AND e.day = q.day LIMIT 1) e
        CROSS JOIN LATERAL (SELECT * FROM entry_text t WHERE t.id = q.id AND t.day = q.day LIMIT 1) t
        WHERE q.owner = $1::smallint AND q.epoch = $2::bigint AND q.connector = $3::text AND q.priority = $4::smallint AND q.seq > $5::bigint AND q.seq < $8::bigint
            AND q.due_at <= $6::timestamptz
        ORDER BY q.seq LIMIT $7::integer
        """;

    /// <summary>Lanes with rows, by skipping from one to the next in the index. $1 node, $2 epoch.</summary>
    public const string QueueLanes = """
        WITH RECURSIVE lane AS (
            (SELECT q.connector, q.priority FROM queue q WHERE q.owner = $1::smallint AND q.epoch = $2::bigint
             ORDER BY q.connector, q.priority LIMIT 1)
            UNION ALL
            SELECT next.connector, next.priority FROM lane CROSS JOIN LATERAL (
                SELECT q.connector, q.priority FROM queue q
                WHERE q.owner = $1::smallint AND q.epoch = $2::bigint AND (q.connector, q.priority) > (lane.connector, lane.priority)
                ORDER BY q.connector, q.priority LIMIT 1) next
        )
        SELECT connector, priority FROM lane
        """;

    /// <summary>Waiting segments by lane. $1 node.</summary>
    public const string QueueDepth = "SELECT connector, priority, count(*) FROM queue WHERE owner = $1::smallint GROUP BY connector, priority";

    /// <summary>
    /// Gives queue rows of an owner below an epoch to this node and epoch. What has moved has waited: it gets a seq below 0 and with that a place
    /// before all that its new owner has. $1 node, $2 epoch, $3 from owner, $4 below epoch, $5 limit.
    /// </summary>
    public const string AdoptQueue = """
        WITH theirs AS (
            SELECT ctid AS place FROM queue WHERE owner = $3::smallint AND epoch < $4::bigint LIMIT $5::integer FOR UPDATE SKIP LOCKED
        )
        UPDATE queue q SET owner = $1::smallint, epoch = $2::bigint, seq = CASE WHEN q.seq > 0 THEN q.seq - 4611686018427387904 ELSE q.seq END
        FROM theirs t WHERE q.ctid = t.place
        RETURNING 1
        """;

    /// <summary>Gives outbox rows of an owner below an epoch to this node and epoch. Parameters as <see cref="AdoptQueue"/>.</summary>
    public const string AdoptOutbox = """
        WITH theirs AS (
            SELECT ctid AS place FROM outbox WHERE owner = $3::smallint AND epoch < $4::bigint LIMIT $5::integer FOR UPDATE SKIP LOCKED
        )
        UPDATE outbox o SET owner = $1::smallint, epoch = $2::bigint FROM theirs t WHERE o.ctid = t.place
        RETURNING 1
        """;

    /// <summary>
    /// Gives waiting segments of this node to another one, if that still has the epoch it was seen with (an older one would only be swept).
    /// $1 ids, $2 segments, $3 node, $4 epoch, $5 to node, $6 its epoch.
    /// </summary>
    public const string HandOverQueue = """
        UPDATE queue q SET owner = $5::smallint, epoch = $6::bigint, seq = CASE WHEN q.seq > 0 THEN q.seq - 4611686018427387904 ELSE q.seq END
        FROM unnest($1::uuid[], $2::smallint[]) AS i(id, segment)
        CROSS JOIN LATERAL (SELECT f.ctid AS place FROM queue f WHERE f.id = i.id AND f.segment = i.segment LIMIT 1) f
        WHERE q.ctid = f.place AND q.owner + 0 = $3::smallint AND q.epoch + 0 = $4::bigint
            AND (SELECT true FROM node n WHERE n.id = $5::smallint AND n.epoch = $6::bigint AND n.live)
        RETURNING q.id, q.segment
        """;

    /// <summary>
    /// Gives segments of this node that are not due yet to another one, which nobody would read before. $1 node, $2 epoch, $3 to node, $4 its epoch,
    /// $5 due after, $6 limit.
    /// </summary>
    public const string HandOverLaterQueue = """
        WITH later AS (
            SELECT ctid AS place FROM queue
            WHERE owner = $1::smallint AND epoch = $2::bigint AND due_at > $5::timestamptz
                AND (SELECT true FROM node n WHERE n.id = $3::smallint AND n.epoch = $4::bigint AND n.live)
            LIMIT $6::integer FOR UPDATE SKIP LOCKED
        )
        UPDATE queue q SET owner = $3::smallint, epoch = $4::bigint FROM later l WHERE q.ctid = l.place
        RETURNING 1
        """;

    /// <summary>Expires waiting segments: out of the queue, receipt EXPIRED of the gateway, delivery where owed. $1 node, $2 epoch, $3 now, $4 due, $5 limit, $6 result code.</summary>
    public const string ExpireQueue = $$"""
        WITH late AS (
            SELECT ctid AS place FROM queue WHERE owner + 0 = $1::smallint AND valid_until <= $3::timestamptz
            ORDER BY valid_until LIMIT $5::integer FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM queue q USING late l WHERE q.ctid = l.place RETURNING q.id, q.day, q.segment, q.attempt, q.valid_until
        ), final AS MATERIALIZED (
            SELECT gen_random_uuid() AS delivery_id, e.*, t.destination AS handset, g.segment
            FROM gone g
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = g.id AND e.day = g.day LIMIT 1) e
            CROSS JOIN LATERAL (SELECT t.destination FROM entry_text t WHERE t.id = g.id AND t.day = g.day LIMIT 1) t
        ), marked AS (
            INSERT INTO underived (at, id, day) SELECT DISTINCT $3::timestamptz, id, day FROM final WHERE parts > 1 ORDER BY id
            ON CONFLICT (id, day) DO UPDATE SET at = EXCLUDED.at
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT valid_until, $3::timestamptz, id, '00000000-0000-0000-0000-000000000000', day, segment, attempt, 3, $6::smallint, 2, NULL FROM gone ORDER BY id, segment
            ON CONFLICT DO NOTHING
        ), owed AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $3::timestamptz, $4::timestamptz, accepted_at, valid_until, $2::bigint, delivery_id, id, day, segment, $1::smallint, 1, protocol, 0,
                3, $6::smallint, 4, 0, account, client_message_id, app_id, conversation_id, NULL, handset, sender, NULL, NULL
            FROM final WHERE parts = 1 AND registered IN (1, 2)
            RETURNING {{OutboxColumns}}
        )
        SELECT owed.*, c.gone, long.ids, long.days
        FROM (SELECT count(*) AS gone FROM gone) c
        CROSS JOIN (SELECT array_agg(id) AS ids, array_agg(day) AS days FROM final WHERE parts > 1) long LEFT JOIN owed ON true
        """;

    /// <summary>Takes a segment out of the queue and lists it as parked. $1 id, $2 segment, $3 node, $4 epoch, $5 reason, $6 now.</summary>
    public const string ParkSegment = """
        WITH gone AS (
            DELETE FROM queue WHERE id = $1::uuid AND segment = $2::smallint AND owner + 0 = $3::smallint AND epoch + 0 = $4::bigint
            RETURNING id, day, segment, connector
        )
        INSERT INTO parked (at, id, entry_id, entry_day, segment, kind, reason, connector, account)
        SELECT $6::timestamptz, gen_random_uuid(), g.id, g.day, g.segment, 'segment', $5::text, g.connector, e.account
        FROM gone g LEFT JOIN LATERAL (SELECT e.account FROM entry e WHERE e.id = g.id AND e.day = g.day LIMIT 1) e ON true
        RETURNING id
        """;
}
