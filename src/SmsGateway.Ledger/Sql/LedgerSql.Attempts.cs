namespace SmsGateway.Ledger;

// Moves of segments: queue -> attempt -> attempt_end, and back. Each is DELETE ... RETURNING + INSERT, so that the
// DELETE decides who moved it.
internal static partial class LedgerSql
{
    /// <summary>Queue to open attempt. $1 ids, $2 segments, $3 numbers, $4 connectors, $5 binds, $6 at, $7 node, $8 epoch.</summary>
    public const string Attempt = """
        WITH moved AS (
            DELETE FROM queue q
            USING unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[])
                AS i(id, segment, number, connector, bind, at)
            CROSS JOIN LATERAL (SELECT f.ctid AS place FROM queue f WHERE f.id = i.id AND f.segment = i.segment LIMIT 1) f
            WHERE q.ctid = f.place AND q.attempt = i.number AND q.owner + 0 = $7::smallint AND q.epoch + 0 = $8::bigint
            RETURNING i.at, q.valid_until, q.id, q.day, q.segment, q.attempt, q.priority, q.parts, q.failures, i.connector, i.bind
        )
        INSERT INTO attempt (at, valid_until, epoch, id, day, segment, number, owner, priority, parts, failures, connector, bind)
        SELECT at, valid_until, $8::bigint, id, day, segment, attempt, $7::smallint, priority, parts, failures, connector, bind FROM moved
        RETURNING id, segment, number
        """;

    /// <summary>On a retry: attempts that an earlier try of this same call opened (same bind and time). Parameters as <see cref="Attempt"/>.</summary>
    public const string AttemptStanding = """
        SELECT a.id, a.segment, a.number
        FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[])
            AS i(id, segment, number, connector, bind, at)
        CROSS JOIN LATERAL (
            SELECT f.id, f.segment, f.number FROM attempt f
            WHERE f.id = i.id AND f.segment = i.segment AND f.number = i.number AND f.connector = i.connector AND f.bind = i.bind
                AND f.at = i.at AND f.owner = $7::smallint AND f.epoch = $8::bigint
            LIMIT 1) a
        """;

    /// <summary>
    /// Ends attempts and puts segments back. An answer without an open attempt is recorded as well (a fact); a local end
    /// needs an attempt that is open, and not_sent the very one it speaks of (same bind and time). Returns what was ended now.
    /// $1 ids, $2 days, $3 segments, $4 numbers, $5 kinds, $6 connectors, $7 binds, $8 at, $9 ended, $10 statuses, $11 carrier ids,
    /// $12 requeue due (null = no), $13 requeue failures, $14 requeue connectors, $15 reporting node, $16 its epoch.
    /// </summary>
    public const string EndAttempts = """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::date[], $3::smallint[], $4::smallint[], $5::smallint[], $6::text[], $7::text[], $8::timestamptz[],
                $9::timestamptz[], $10::bigint[], $11::text[], $12::timestamptz[], $13::smallint[], $14::text[]) WITH ORDINALITY
            AS i(id, day, segment, number, kind, connector, bind, at, ended_at, command_status, carrier_message_id,
                requeue_at, requeue_failures, requeue_connector, ord)
        ), gone AS (
            DELETE FROM attempt a
            USING input i CROSS JOIN LATERAL (
                SELECT f.ctid AS place FROM attempt f WHERE f.id = i.id AND f.segment = i.segment AND f.number = i.number LIMIT 1) f
            -- not_sent speaks of one try only: another try under the same number, on another bind or at another time, stays open.
            WHERE a.ctid = f.place AND (i.kind <> 3 OR (a.bind = i.bind AND a.at = i.at))
            RETURNING i.ord, i.id, i.day, i.segment, i.number, i.kind, i.ended_at, i.command_status, i.carrier_message_id, i.requeue_at,
                i.requeue_failures, COALESCE(i.requeue_connector, a.connector) AS requeue_connector,
                a.at, a.connector, a.bind, a.owner, a.epoch, a.priority, a.parts, a.failures, a.valid_until
        ), ended AS (
            INSERT INTO attempt_end (at, ended_at, epoch, command_status, id, day, segment, number, node, kind, connector, bind, carrier_message_id)
            SELECT at, ended_at, epoch, command_status, id, day, segment, number, owner, kind, connector, bind, carrier_message_id FROM gone
            UNION ALL
            SELECT at, ended_at, $16::bigint, command_status, id, day, segment, number, $15::smallint, kind, connector, bind, carrier_message_id
            FROM input WHERE kind IN (1, 2) AND ord NOT IN (SELECT ord FROM gone)
            ON CONFLICT DO NOTHING
            RETURNING id, segment, number
        ), back AS (
            INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector)
            SELECT requeue_at, valid_until, epoch, id, day, segment, number + 1, owner, priority, parts, failures + requeue_failures, requeue_connector
            FROM gone
            WHERE requeue_at IS NOT NULL AND ((id, segment, number) IN (SELECT id, segment, number FROM ended)) IS TRUE
        )
        SELECT id, segment, number FROM ended
        """;

    /// <summary>
    /// Receipts of the gateway for refusals that are final, where the end in the ledger is this very one. Idempotent by the
    /// receipt's key. $1 ids, $2 days, $3 segments, $4 numbers, $5 ended, $6 states, $7 result codes, $8 errors, $9 now, $10 due, $11 node, $12 epoch.
    /// </summary>
    public const string RefusalReceipts = $$"""
        WITH final AS MATERIALIZED (
            SELECT gen_random_uuid() AS delivery_id, e.*, t.destination AS handset, i.segment, i.number, i.ended_at, i.state, i.result_code, i.error,
                e.parts = 1 AND (e.registered = 1 OR (e.registered = 2 AND i.state IN (3, 4, 5, 8))) AS owed
            FROM unnest($1::uuid[], $2::date[], $3::smallint[], $4::smallint[], $5::timestamptz[], $6::smallint[], $7::smallint[], $8::text[])
                AS i(id, day, segment, number, ended_at, state, result_code, error)
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = i.id AND e.day = i.day LIMIT 1) e
            CROSS JOIN LATERAL (SELECT t.destination FROM entry_text t WHERE t.id = i.id AND t.day = i.day LIMIT 1) t
            WHERE i.ended_at = (
                SELECT x.ended_at FROM attempt_end x WHERE x.id = i.id AND x.day = i.day AND x.segment = i.segment AND x.number = i.number)
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT ended_at, $9::timestamptz, id, '00000000-0000-0000-0000-000000000000', day, segment, number, state, result_code, 2, error FROM final ORDER BY id, segment
            ON CONFLICT DO NOTHING
            RETURNING id, segment, number
        ), fresh AS MATERIALIZED (
            SELECT * FROM final WHERE ((id, segment, number) IN (SELECT id, segment, number FROM recorded)) IS TRUE
        ), marked AS (
            INSERT INTO underived (at, id, day) SELECT DISTINCT $9::timestamptz, id, day FROM fresh WHERE parts > 1 ORDER BY id
            ON CONFLICT (id, day) DO UPDATE SET at = EXCLUDED.at
        ), owing AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $9::timestamptz, $10::timestamptz, accepted_at, ended_at, $12::bigint, delivery_id, id, day, segment, $11::smallint, 1, protocol, 0,
                state, result_code, 4, 0, account, client_message_id, app_id, conversation_id, NULL, handset, sender, error, NULL
            FROM fresh WHERE owed
            RETURNING {{OutboxColumns}}
        )
        SELECT owing.*, c.recorded, long.ids, long.days
        FROM (SELECT count(*) AS recorded FROM recorded) c
        CROSS JOIN (SELECT array_agg(id) AS ids, array_agg(day) AS days FROM fresh WHERE parts > 1) long LEFT JOIN owing ON true
        """;

    /// <summary>Keeps answers for attempts that had ended otherwise. Parameters $1 to $11 as <see cref="EndAttempts"/>. Returns what differs from the end.</summary>
    public const string KeepEvidence = """
        INSERT INTO attempt_evidence (at, ended_at, command_status, id, day, segment, number, kind, connector, bind, carrier_message_id)
        SELECT i.at, i.ended_at, i.command_status, i.id, i.day, i.segment, i.number, i.kind, i.connector, i.bind, i.carrier_message_id
        FROM unnest($1::uuid[], $2::date[], $3::smallint[], $4::smallint[], $5::smallint[], $6::text[], $7::text[], $8::timestamptz[],
            $9::timestamptz[], $10::bigint[], $11::text[])
            AS i(id, day, segment, number, kind, connector, bind, at, ended_at, command_status, carrier_message_id)
        CROSS JOIN LATERAL (
            SELECT * FROM attempt_end x WHERE x.id = i.id AND x.day = i.day AND x.segment = i.segment AND x.number = i.number LIMIT 1) x
        WHERE i.kind IN (1, 2) AND (x.kind, x.ended_at, x.command_status, x.carrier_message_id)
            IS DISTINCT FROM (i.kind, i.ended_at, i.command_status, i.carrier_message_id)
        ON CONFLICT DO NOTHING
        RETURNING id, segment, number
        """;

    /// <summary>Which of these carrier ids have a receipt waiting. In a transaction after the one that wrote the ids. $1 connectors, $2 carrier ids.</summary>
    public const string ParkedReceiptsFor = """
        SELECT DISTINCT i.connector, i.carrier_message_id
        FROM unnest($1::text[], $2::text[]) AS i(connector, carrier_message_id)
        WHERE (SELECT true FROM parked_receipt p WHERE p.carrier_message_id = i.carrier_message_id AND p.connector = i.connector LIMIT 1)
        """;
}
