namespace SmsGateway.Ledger;

// Attempts in doubt: open ones whose epoch or bind is gone. What becomes of one is decided by the DELETE of its row, as with every other end of
// an attempt: whoever comes second finds none, and an answer that comes second is kept as evidence.
internal static partial class LedgerSql
{
    // The very tries that were looked at (same bind and time: the same number may have been tried again), locked; what an answer or another node is
    // ending is passed over. In doubt by the ledger's own word: their epoch is gone, or the caller is their owner and knows that their bind is.
    private const string DoubtsPlace = """
        WITH place AS MATERIALIZED (
            SELECT f.place FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::text[], $5::timestamptz[]) AS i(id, segment, number, bind, at)
            CROSS JOIN LATERAL (
                SELECT a.ctid AS place FROM attempt a
                WHERE a.id = i.id AND a.segment = i.segment AND a.number = i.number AND a.bind = i.bind AND a.at = i.at OFFSET 0
                FOR UPDATE SKIP LOCKED) f
        )
        """;

    // Who decided, when it was an operator: one line for all of them. $9 why, $10 actor (null = no operator), $11 role, $12 at which node, $13 which, $14 note.
    private const string DoubtsNoted = """
        noted AS (
            INSERT INTO doubt_end (at, id, day, segment, number, kind, why, connector)
            SELECT ended_at, id, day, segment, number, kind, $9::text, connector FROM ended ORDER BY id, segment, number
            ON CONFLICT DO NOTHING
        ), audited AS (
            INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
            SELECT $6::timestamptz, $10::text, $11::text, $12::text, 'doubts decided', $13::text, cardinality($1::uuid[]) || ' in doubt',
                (SELECT count(*) FROM ended) || ' decided', $14::text
            WHERE $10::text IS NOT NULL
        )
        """;

    /// <summary>
    /// Open attempts that a node may have to do something about: of nodes that are not live, and of its own. Not those on a bind that it has, and only
    /// those whose validity is over or that a policy wants to be sent again. Oldest first; a read for a timer.
    /// $1 node, $2 first epoch of this process, $3 binds that are up or closed lately, $4 now, $5 connectors and $6 priorities to be sent again, $7 limit.
    /// </summary>
    public const string DoubtsToDecide = """
        SELECT a.id, a.day, a.segment, a.number, a.connector, a.bind, a.owner, a.epoch, a.priority, a.at, a.valid_until, a.epoch <> n.epoch,
            extract(epoch FROM clock_timestamp() - n.epoch_since)::double precision
        FROM attempt a JOIN node n ON n.id = a.owner
        WHERE (NOT n.live AND a.epoch < n.epoch OR a.owner = $1::smallint AND NOT (a.epoch >= $2::bigint AND a.bind = ANY ($3::text[])))
            AND (a.valid_until <= $4::timestamptz OR (a.bind NOT LIKE 'restore@%' AND (a.connector, a.priority) IN (SELECT * FROM unnest($5::text[], $6::smallint[]))))
        ORDER BY a.at LIMIT $7::integer
        """;

    /// <summary>Attempts in doubt by connector: their epoch is gone, or their node told its binds without theirs. $1 begun before (a telling may be older).</summary>
    public const string DoubtCounts = """
        SELECT a.connector, count(*) FROM attempt a JOIN node n ON n.id = a.owner
        WHERE a.epoch <> n.epoch OR (NOT jsonb_exists(n.reach -> 'binds', a.bind) AND a.at < $1::timestamptz)
        GROUP BY a.connector
        """;

    /// <summary>
    /// Sends again: the attempt ends, the segment goes to the queue of this node under its next number. Never before the socket of the process whose
    /// epoch is gone can have drained, by this server's clock; never when its validity is over.
    /// $1 ids, $2 segments, $3 numbers, $4 binds, $5 at, $6 now, $7 node, $8 epoch, $9 to $14 see <c>DoubtsNoted</c>, $15 seconds a socket drains.
    /// </summary>
    public const string ResendDoubts = $$"""
        {{DoubtsPlace}}, gone AS (
            DELETE FROM attempt a USING place p
            WHERE a.ctid = p.place AND a.valid_until > $6::timestamptz AND (
                SELECT (n.epoch > a.epoch AND clock_timestamp() - n.epoch_since >= make_interval(secs => $15::double precision))
                    OR (n.epoch = a.epoch AND n.id = $7::smallint)
                FROM node n WHERE n.id = a.owner)
            RETURNING a.*
        ), ended AS (
            INSERT INTO attempt_end (at, ended_at, epoch, command_status, id, day, segment, number, node, kind, connector, bind)
            SELECT at, $6::timestamptz, epoch, 0, id, day, segment, number, owner, 4, connector, bind FROM gone ORDER BY id, day, segment, number
            ON CONFLICT DO NOTHING
            RETURNING ended_at, id, day, segment, number, kind, connector
        ), back AS (
            INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector)
            SELECT $6::timestamptz, valid_until, $8::bigint, id, day, segment, number + 1, $7::smallint, priority, parts, failures, connector
            FROM gone WHERE ((id, segment, number) IN (SELECT id, segment, number FROM ended)) IS TRUE
        ), {{DoubtsNoted}}
        SELECT connector, count(*) FROM ended GROUP BY connector
        """;

    /// <summary>
    /// An operator knows that the carrier has them: they end answered, without its id, so that a receipt may still find them.
    /// Parameters $1 to $14 as <see cref="ResendDoubts"/>.
    /// </summary>
    public const string ConfirmDoubts = $$"""
        {{DoubtsPlace}}, gone AS (
            DELETE FROM attempt a USING place p
            WHERE a.ctid = p.place AND (
                SELECT n.epoch > a.epoch OR (n.id = $7::smallint AND n.epoch = $8::bigint) OR NOT jsonb_exists(n.reach -> 'binds', a.bind)
                FROM node n WHERE n.id = a.owner)
            RETURNING a.*
        ), ended AS (
            INSERT INTO attempt_end (at, ended_at, epoch, command_status, id, day, segment, number, node, kind, connector, bind)
            SELECT at, $6::timestamptz, epoch, 0, id, day, segment, number, owner, 1, connector, bind FROM gone ORDER BY id, day, segment, number
            ON CONFLICT DO NOTHING
            RETURNING ended_at, id, day, segment, number, kind, connector
        ), {{DoubtsNoted}}
        SELECT connector, count(*) FROM ended GROUP BY connector
        """;

    /// <summary>
    /// Gives up: the attempt ends, the segment's receipt says UNKNOWN (origin gateway), owed where every receipt is. $1 to $14 as
    /// <see cref="ResendDoubts"/>, $15 also before the end of validity, $16 due, $17 result code. Returns the deliveries, messages of several parts, and what was given up.
    /// </summary>
    public const string GiveUpDoubts = $$"""
        {{DoubtsPlace}}, gone AS (
            DELETE FROM attempt a USING place p
            WHERE a.ctid = p.place AND ($15::boolean OR a.valid_until <= $6::timestamptz)
                AND (
                    SELECT n.epoch > a.epoch OR (n.id = $7::smallint AND n.epoch = $8::bigint) OR ($15::boolean AND NOT jsonb_exists(n.reach -> 'binds', a.bind))
                    FROM node n WHERE n.id = a.owner)
            RETURNING a.*
        ), ended AS (
            INSERT INTO attempt_end (at, ended_at, epoch, command_status, id, day, segment, number, node, kind, connector, bind)
            SELECT at, $6::timestamptz, epoch, 0, id, day, segment, number, owner, 5, connector, bind FROM gone ORDER BY id, day, segment, number
            ON CONFLICT DO NOTHING
            RETURNING ended_at, id, day, segment, number, kind, connector
        ), final AS MATERIALIZED (
            SELECT gen_random_uuid() AS delivery_id, e.*, t.destination AS handset, d.segment, d.ended_at
            FROM ended d
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = d.id AND e.day = d.day LIMIT 1) e
            CROSS JOIN LATERAL (SELECT t.destination FROM entry_text t WHERE t.id = d.id AND t.day = d.day LIMIT 1) t
        ), marked AS (
            INSERT INTO underived (at, id, day) SELECT DISTINCT $6::timestamptz, id, day FROM final WHERE parts > 1 ORDER BY id
            ON CONFLICT (id, day) DO UPDATE SET at = EXCLUDED.at
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT ended_at, ended_at, id, '00000000-0000-0000-0000-000000000000', day, segment, number, 7, $17::smallint, 2, NULL
            FROM ended ORDER BY id, day, segment, number
            ON CONFLICT DO NOTHING
        ), owed AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $6::timestamptz, $16::timestamptz, accepted_at, ended_at, $8::bigint, delivery_id, id, day, segment, $7::smallint, 1, protocol, 0,
                7, $17::smallint, 4, 0, account, client_message_id, app_id, conversation_id, NULL, handset, sender, NULL, NULL
            FROM final WHERE parts = 1 AND registered = 1
            RETURNING {{OutboxColumns}}
        ), {{DoubtsNoted}}
        SELECT owed.*, long.ids, long.days, c.connectors
        FROM (SELECT array_agg(connector) AS connectors FROM ended) c
        CROSS JOIN (SELECT array_agg(id) AS ids, array_agg(day) AS days FROM final WHERE parts > 1) long LEFT JOIN owed ON true
        """;

    /// <summary>
    /// Receipts that no attempt has the carrier id of, beside what they may belong to: open attempts, and doubts that were decided without an id. Only where
    /// one handset at one connector has one of each: one carrier id that waits, one attempt without an id (of any node; one in a live window counts
    /// too), which is in doubt or was, and began before the receipt came. A read for a timer; each set is read once.
    /// $1 now, $2 receipts looked at, the newest, $3 attempts returned.
    /// </summary>
    public const string DoubtsWithReceipt = """
        WITH told AS MATERIALIZED (
            SELECT connector, carrier_message_id, right(source, 7) AS tail, at FROM parked_receipt ORDER BY at DESC LIMIT $2::integer
        ), cut AS MATERIALIZED (
            SELECT CASE WHEN count(*) < $2::integer THEN '-infinity'::timestamptz ELSE min(at) END AS at FROM told
        ), nameless AS MATERIALIZED (
            SELECT c.*, (SELECT right(t.destination, 7) FROM entry_text t WHERE t.id = c.id AND t.day = c.day) AS tail
            FROM (
                SELECT a.id, a.day, a.segment, a.number, a.connector, a.at, true AS is_open,
                    a.epoch <> n.epoch OR (a.at < $1::timestamptz - interval '10 seconds' AND COALESCE(NOT jsonb_exists(n.reach -> 'binds', a.bind), false)) AS was_doubt
                FROM attempt a JOIN node n ON n.id = a.owner
                UNION ALL
                SELECT x.id, x.day, x.segment, x.number, x.connector, x.at, false, true
                FROM doubt_end d CROSS JOIN LATERAL (
                    SELECT * FROM attempt_end e
                    WHERE e.id = d.id AND e.day = d.day AND e.segment = d.segment AND e.number = d.number AND e.carrier_message_id IS NULL LIMIT 1) x
                WHERE d.carrier_message_id IS NULL AND (
                    SELECT true FROM attempt_evidence v
                    WHERE v.id = d.id AND v.day = d.day AND v.segment = d.segment AND v.number = d.number AND v.carrier_message_id IS NOT NULL LIMIT 1) IS NULL
            ) c
            WHERE c.connector IN (SELECT connector FROM told)
        ), single AS MATERIALIZED (
            SELECT connector, tail, (array_agg(id))[1] AS id, min(day) AS day, min(segment) AS segment, min(number) AS number, min(at) AS at,
                bool_and(is_open) AS is_open
            FROM nameless WHERE tail IS NOT NULL GROUP BY connector, tail HAVING count(*) = 1 AND bool_and(was_doubt)
        )
        SELECT f.* FROM (
            SELECT s.id, s.day, s.segment, s.number, s.connector, s.is_open, min(t.carrier_message_id) AS carrier_message_id, min(t.at)
            FROM single s JOIN told t ON t.connector = s.connector AND t.tail = s.tail
                -- Clocks of two nodes may be 10 s apart: what came shortly before it began may be its own too, so it counts against the rest.
                AND t.at > s.at - interval '10 seconds'
            WHERE s.at - interval '10 seconds' > (SELECT at FROM cut)
            GROUP BY s.id, s.day, s.segment, s.number, s.connector, s.is_open, s.at
            HAVING count(DISTINCT t.carrier_message_id) = 1 AND min(t.at) >= s.at AND min(t.at) <= $1::timestamptz - interval '1 second'
            OFFSET 0) f
        -- One whose own attempt got its id by now is about to be joined to that one. By the same snapshot: while that attempt was open it was a candidate.
        WHERE COALESCE(
            (SELECT true FROM attempt_end x WHERE x.carrier_message_id = f.carrier_message_id AND x.connector = f.connector LIMIT 1),
            (SELECT true FROM attempt_evidence x WHERE x.carrier_message_id = f.carrier_message_id AND x.connector = f.connector LIMIT 1)) IS NULL
        LIMIT $3::integer
        """;

    /// <summary>Whether a receipt has waited for a while, and since when the last of them. $1 before.</summary>
    public const string LastParkedReceipt = "SELECT max(at) FROM parked_receipt WHERE at <= $1::timestamptz";

    /// <summary>
    /// Gives attempts the carrier id of the receipt whose only candidate they are: an open one ends answered, one that was decided gets it as evidence, in
    /// both cases only where no answer told an id meanwhile (asked by COALESCE, so that no partial index is taken for the key). $1 ids, $2 days, $3 segments, $4 numbers, $5 connectors, $6 carrier ids, $7 receipts' times.
    /// Returns what was given an id.
    /// </summary>
    public const string NameDoubts = """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::date[], $3::smallint[], $4::smallint[], $5::text[], $6::text[], $7::timestamptz[])
                AS i(id, day, segment, number, connector, carrier_message_id, told_at)
        ), place AS MATERIALIZED (
            SELECT f.place, i.carrier_message_id, i.told_at FROM input i CROSS JOIN LATERAL (
                SELECT a.ctid AS place FROM attempt a
                WHERE a.id = i.id AND a.segment = i.segment AND a.number = i.number AND a.connector = i.connector AND a.at <= i.told_at OFFSET 0
                FOR UPDATE SKIP LOCKED) f
        ), gone AS (
            DELETE FROM attempt a USING place p WHERE a.ctid = p.place RETURNING a.*, p.carrier_message_id, p.told_at
        ), ended AS (
            INSERT INTO attempt_end (at, ended_at, epoch, command_status, id, day, segment, number, node, kind, connector, bind, carrier_message_id)
            SELECT at, told_at, epoch, 0, id, day, segment, number, owner, 1, connector, bind, carrier_message_id FROM gone ORDER BY id, day, segment, number
            ON CONFLICT DO NOTHING
            RETURNING id, day, segment, number, connector, carrier_message_id
        ), named AS (
            UPDATE doubt_end d SET carrier_message_id = i.carrier_message_id
            FROM input i CROSS JOIN LATERAL (
                SELECT f.ctid AS place FROM doubt_end f
                WHERE f.id = i.id AND f.segment = i.segment AND f.number = i.number AND COALESCE(f.carrier_message_id, '') = '' AND (
                    SELECT true FROM attempt_evidence v
                    WHERE v.id = i.id AND v.day = i.day AND v.segment = i.segment AND v.number = i.number AND COALESCE(v.carrier_message_id, '') <> '' LIMIT 1) IS NULL
                LIMIT 1) f
            WHERE d.ctid = f.place
            RETURNING d.id, d.day, d.segment, d.number, d.connector, i.carrier_message_id, i.told_at
        ), kept AS (
            INSERT INTO attempt_evidence (at, ended_at, command_status, id, day, segment, number, kind, connector, bind, carrier_message_id)
            SELECT x.at, n.told_at, 0, n.id, n.day, n.segment, n.number, 1, x.connector, x.bind, n.carrier_message_id
            FROM named n CROSS JOIN LATERAL (
                SELECT * FROM attempt_end e WHERE e.id = n.id AND e.day = n.day AND e.segment = n.segment AND e.number = n.number LIMIT 1) x
            ORDER BY n.id, n.day, n.segment, n.number
            ON CONFLICT DO NOTHING
        ), noted AS (
            INSERT INTO doubt_end (at, id, day, segment, number, kind, why, connector, carrier_message_id)
            SELECT now(), id, day, segment, number, 1, 'receipt', connector, carrier_message_id FROM ended ORDER BY id, segment, number
            ON CONFLICT DO NOTHING
        )
        SELECT connector, carrier_message_id, true FROM ended
        UNION ALL
        SELECT connector, carrier_message_id, false FROM named
        """;

    /// <summary>What was sent again, newest first: those that may have reached their handset twice. $1 limit.</summary>
    public const string ResentList = """
        SELECT d.id, d.segment, d.number, COALESCE(e.account, ''), d.connector, d.at, d.why, e.client_message_id
        FROM doubt_end d LEFT JOIN entry e ON e.id = d.id AND e.day = d.day
        WHERE d.kind = 4 ORDER BY d.at DESC LIMIT $1::integer
        """;

    /// <summary>Forgets decisions that are past retention, as the messages are. $1 before, $2 limit.</summary>
    public const string ForgetDoubts = """
        WITH old AS (SELECT ctid AS place FROM doubt_end WHERE at <= $1::timestamptz ORDER BY at LIMIT $2::integer FOR UPDATE SKIP LOCKED)
        DELETE FROM doubt_end d USING old o WHERE d.ctid = o.place RETURNING 1
        """;
}
