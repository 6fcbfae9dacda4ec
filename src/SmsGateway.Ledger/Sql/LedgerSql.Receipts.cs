namespace SmsGateway.Ledger;

// Receipts, derived receipts, MOs.
//
// Who adds a fact to a message of several parts marks it in underived, anew where a mark stands: the lock keeps a look that has not seen the fact from
// clearing it. In the order of ids and as the last rows that a statement locks (its sub-statements that nothing reads run in reverse order).
internal static partial class LedgerSql
{
    // Whether another final receipt of attempt x was there before the one that came.
    private const string SettledBefore =
        "(SELECT true FROM receipt r WHERE r.id = x.id AND r.day = x.day AND r.segment = x.segment AND r.number = x.number AND r.state IN (2, 3, 4, 5, 8) AND r.body_hash <> came.body_hash LIMIT 1)";

    /// <summary>
    /// Records receipts: matched by carrier id (of several candidates the newest decides), else parked. An attempt to another handset, or one whose final
    /// receipt came before, is no candidate yet: carriers reuse ids, and the receipt may have come before the outcome that it belongs to
    /// (<see cref="JoinParked"/> settles it). Returns the matched ones with what a delivery needs.
    /// $1 connectors, $2 carrier ids, $3 sources, $4 destinations, $5 states, $6 result codes, $7 errors, $8 done, $9 at, $10 data codings,
    /// $11 esm classes, $12 bodies, $13 hashes, $14 due, $15 node, $16 epoch.
    /// </summary>
    public const string RecordReceipts = $$"""
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::smallint[], $7::text[], $8::timestamptz[],
                $9::timestamptz[], $10::smallint[], $11::smallint[], $12::bytea[], $13::uuid[]) WITH ORDINALITY
            AS i(connector, carrier_message_id, source, destination, state, result_code, error, done_at, at, data_coding, esm_class, body, body_hash, ord)
        ), matched AS MATERIALIZED (
            SELECT came.*, gen_random_uuid() AS delivery_id, m.id, m.day, m.segment, m.number, m.handset,
                e.account, e.protocol, e.client_message_id, e.app_id, e.conversation_id, e.sender, e.accepted_at, e.parts,
                e.parts = 1 AND (e.registered = 1 OR (e.registered = 2 AND came.state IN (3, 4, 5, 8))) AS owed
            FROM input came CROSS JOIN LATERAL (
                SELECT c.* FROM (
                    SELECT x.id, x.day, x.segment, x.number, x.ended_at,
                        (SELECT t.destination FROM entry_text t WHERE t.id = x.id AND t.day = x.day) AS handset,
                        {{SettledBefore}} AS settled
                    FROM attempt_end x
                    WHERE x.carrier_message_id = came.carrier_message_id AND x.connector = came.connector OFFSET 0) c
                WHERE right(c.handset, 7) = right(came.source, 7) AND c.settled IS NULL
                ORDER BY c.ended_at DESC LIMIT 1) m
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = m.id AND e.day = m.day LIMIT 1) e
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT done_at, at, id, body_hash, day, segment, number, state, result_code, 1, error FROM matched ORDER BY id, day, segment, number, body_hash
            ON CONFLICT DO NOTHING
            RETURNING id, segment, number, body_hash
        ), fresh AS MATERIALIZED (
            SELECT * FROM matched WHERE ((id, segment, number, body_hash) IN (SELECT id, segment, number, body_hash FROM recorded)) IS TRUE
        ), marked AS (
            INSERT INTO underived (at, id, day) SELECT DISTINCT now(), id, day FROM fresh WHERE parts > 1 ORDER BY id
            ON CONFLICT (id, day) DO UPDATE SET at = EXCLUDED.at
        ), waiting AS (
            INSERT INTO parked_receipt (done_at, at, body_hash, state, result_code, data_coding, esm_class, connector, carrier_message_id, source, destination, error, body)
            SELECT done_at, at, body_hash, state, result_code, data_coding, esm_class, connector, carrier_message_id, source, destination, error, body
            FROM input WHERE ord NOT IN (SELECT ord FROM matched) ORDER BY carrier_message_id, connector, body_hash
            ON CONFLICT DO NOTHING
        ), owing AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT at, $14::timestamptz, accepted_at, done_at, $16::bigint, delivery_id, id, day, segment, $15::smallint, 1, protocol, 0,
                state, result_code, esm_class, data_coding, account, client_message_id, app_id, conversation_id, connector, handset, sender, error, body
            FROM fresh WHERE owed
        )
        SELECT ord, (ord IN (SELECT ord FROM fresh)) IS TRUE, owed, delivery_id, id, day, segment, handset,
            account, protocol, client_message_id, app_id, conversation_id, sender, accepted_at, parts
        FROM matched
        """;

    /// <summary>
    /// Matches parked receipts of these carrier ids, evidence included; DELETE decides who matched each. What fits worse (another handset's digits, an
    /// attempt with another final receipt) is taken when nothing better came within 5 s, while a node plays its journal within 5 min.
    /// $1 connectors, $2 carrier ids, $3 now, $4 due, $5 node, $6 epoch. Returns the new deliveries, and which messages of several parts got news.
    /// </summary>
    public const string JoinParked = $$"""
        WITH matched AS MATERIALIZED (
            SELECT came.*, gen_random_uuid() AS delivery_id, m.id, m.day, m.segment, m.number, m.handset,
                e.account, e.protocol, e.client_message_id, e.app_id, e.conversation_id, e.sender, e.accepted_at, e.parts,
                e.parts = 1 AND (e.registered = 1 OR (e.registered = 2 AND came.state IN (3, 4, 5, 8))) AS owed
            FROM unnest($1::text[], $2::text[]) AS i(connector, carrier_message_id)
            CROSS JOIN LATERAL (
                SELECT f.ctid AS place, f.* FROM parked_receipt f WHERE f.carrier_message_id = i.carrier_message_id AND f.connector = i.connector OFFSET 0
                FOR UPDATE SKIP LOCKED) came -- one that another transaction is joining is not waited for: two that wait for each other would deadlock
            CROSS JOIN LATERAL (
                SELECT c.* FROM (
                    SELECT x.id, x.day, x.segment, x.number, x.ended_at,
                        (SELECT t.destination FROM entry_text t WHERE t.id = x.id AND t.day = x.day) AS handset,
                        {{SettledBefore}} AS settled
                    FROM (
                        SELECT id, day, segment, number, ended_at FROM attempt_end
                        WHERE carrier_message_id = came.carrier_message_id AND connector = came.connector
                        UNION ALL
                        SELECT id, day, segment, number, ended_at FROM attempt_evidence
                        WHERE carrier_message_id = came.carrier_message_id AND connector = came.connector) x OFFSET 0) c
                WHERE c.handset IS NOT NULL
                    AND (came.at <= $3::timestamptz - CASE
                        WHEN (SELECT true FROM node n WHERE n.held > 0 AND n.renewed_at > $3::timestamptz - interval '1 minute' LIMIT 1) IS TRUE
                        THEN interval '5 minutes' ELSE interval '5 seconds' END OR (right(c.handset, 7) = right(came.source, 7) AND c.settled IS NULL))
                ORDER BY right(c.handset, 7) = right(came.source, 7) DESC, c.ended_at DESC LIMIT 1) m
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = m.id AND e.day = m.day LIMIT 1) e
        ), taken AS (
            DELETE FROM parked_receipt p USING matched m WHERE p.ctid = m.place
            RETURNING p.carrier_message_id, p.connector, p.body_hash
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT done_at, at, id, body_hash, day, segment, number, state, result_code, 1, error FROM matched
            WHERE ((carrier_message_id, connector, body_hash) IN (SELECT carrier_message_id, connector, body_hash FROM taken)) IS TRUE ORDER BY id, day, segment, number, body_hash
            ON CONFLICT DO NOTHING
            RETURNING id, segment, number, body_hash
        ), fresh AS MATERIALIZED (
            SELECT * FROM matched WHERE ((id, segment, number, body_hash) IN (SELECT id, segment, number, body_hash FROM recorded)) IS TRUE
        ), marked AS (
            INSERT INTO underived (at, id, day) SELECT DISTINCT $3::timestamptz, id, day FROM fresh WHERE parts > 1 ORDER BY id
            ON CONFLICT (id, day) DO UPDATE SET at = EXCLUDED.at
        ), owing AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $3::timestamptz, $4::timestamptz, accepted_at, done_at, $6::bigint, delivery_id, id, day, segment, $5::smallint, 1, protocol, 0,
                state, result_code, esm_class, data_coding, account, client_message_id, app_id, conversation_id, connector, handset, sender, error, body
            FROM fresh WHERE owed
            RETURNING {{OutboxColumns}}
        )
        SELECT o.*, c.joined, long.ids, long.days
        FROM (SELECT count(*) AS joined FROM taken) c
        CROSS JOIN (SELECT array_agg(id) AS ids, array_agg(day) AS days FROM fresh WHERE parts > 1) long LEFT JOIN owing o ON true
        """;

    /// <summary>Parked receipts older than a moment that have a candidate now. $1 before, $2 limit.</summary>
    public const string ParkedWithCandidate = """
        SELECT DISTINCT p.connector, p.carrier_message_id FROM (
            SELECT connector, carrier_message_id FROM parked_receipt WHERE at <= $1::timestamptz ORDER BY at DESC LIMIT $2::integer) p
        WHERE COALESCE(
            (SELECT true FROM attempt_end x WHERE x.carrier_message_id = p.carrier_message_id AND x.connector = p.connector LIMIT 1),
            (SELECT true FROM attempt_evidence x WHERE x.carrier_message_id = p.carrier_message_id AND x.connector = p.connector LIMIT 1),
            false)
        """;

    /// <summary>Lists receipts that waited too long as parked. $1 before, $2 now, $3 limit.</summary>
    public const string GiveUpParked = """
        WITH late AS (
            SELECT ctid AS place FROM parked_receipt WHERE at <= $1::timestamptz
            ORDER BY at LIMIT $3::integer FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM parked_receipt p USING late l WHERE p.ctid = l.place
            RETURNING p.connector, p.body, p.carrier_message_id
        )
        INSERT INTO parked (at, id, kind, reason, connector, raw)
        SELECT $2::timestamptz, gen_random_uuid(), 'receipt_unmatched', 'No attempt has the carrier id ' || carrier_message_id, connector, body FROM gone
        RETURNING id
        """;

    /// <summary>Messages of several parts with news older than a moment. $1 before, $2 limit.</summary>
    public const string Underived = "SELECT id, day FROM underived WHERE at <= $1::timestamptz ORDER BY id LIMIT $2::integer";

    /// <summary>Locks parent rows before their receipts are read in the next statement. $1 ids, $2 days.</summary>
    public const string LockParents = """
        SELECT e.id FROM unnest($1::uuid[], $2::date[]) AS i(id, day)
        CROSS JOIN LATERAL (SELECT f.id FROM entry f WHERE f.id = i.id AND f.day = i.day FOR UPDATE) e
        """;

    /// <summary>
    /// Derives receipts of locked parents: failed as soon as one part finally is, delivered when all are, unknown when all are
    /// settled and one stays unknown. Once per message; an unknown one is followed once more by what it became (number 1). Clears only marks as it sees them: one that
    /// was written anew meanwhile has another xmin (its ctid alone is not compared again after the wait), and stays for the fact that came with it.
    /// $1 ids, $2 days, $3 now, $4 due, $5 node, $6 epoch.
    /// </summary>
    public const string Derive = $$"""
        WITH news AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::date[]) AS i(id, day)
        ), cleared AS (
            DELETE FROM underived u
            USING news n CROSS JOIN LATERAL (SELECT f.ctid AS place, f.xmin AS version FROM underived f WHERE f.id = n.id AND f.day = n.day LIMIT 1) f
            WHERE u.ctid = f.place AND u.xmin = f.version
        ), last AS MATERIALIZED (
            SELECT DISTINCT ON (r.id, r.day, r.segment) r.id, r.day, r.segment, r.state, r.result_code, r.error, r.done_at
            FROM news n CROSS JOIN LATERAL (
                SELECT * FROM receipt f WHERE f.id = n.id AND f.day = n.day AND f.segment > 0 AND f.state IN (2, 3, 4, 5, 7, 8) OFFSET 0) r
            ORDER BY r.id, r.day, r.segment, r.state = 7, r.done_at DESC, r.at DESC
        ), judged AS MATERIALIZED (
            SELECT id, day, count(*) FILTER (WHERE state = 2) AS delivered, count(*) FILTER (WHERE state = 7) AS unknown, max(done_at) AS done_at,
                (array_agg(state ORDER BY done_at) FILTER (WHERE state IN (3, 4, 5, 8)))[1] AS failed,
                (array_agg(result_code ORDER BY done_at) FILTER (WHERE state IN (3, 4, 5, 8)))[1] AS failed_code,
                (array_agg(error ORDER BY done_at) FILTER (WHERE state IN (3, 4, 5, 8)))[1] AS failed_error,
                (array_agg(result_code ORDER BY state DESC))[1] AS other_code
            FROM last GROUP BY id, day
        ), final AS MATERIALIZED (
            SELECT gen_random_uuid() AS delivery_id, e.*, t.destination AS handset, j.done_at, j.failed_error AS error,
                COALESCE(j.failed, CASE WHEN j.delivered = e.parts THEN 2 ELSE 7 END)::smallint AS state,
                (SELECT true FROM receipt u WHERE u.id = j.id AND u.day = j.day AND u.segment = 0 AND u.number = 0 AND u.state = 7 LIMIT 1) IS TRUE AS was_unknown,
                CASE WHEN j.failed IS NULL THEN j.other_code ELSE j.failed_code END AS result_code
            FROM judged j
            CROSS JOIN LATERAL (SELECT * FROM entry e WHERE e.id = j.id AND e.day = j.day LIMIT 1) e
            CROSS JOIN LATERAL (SELECT t.destination FROM entry_text t WHERE t.id = j.id AND t.day = j.day LIMIT 1) t
            WHERE e.parts > 1 AND (j.failed IS NOT NULL OR j.delivered + j.unknown = e.parts)
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT done_at, $3::timestamptz, id, '00000000-0000-0000-0000-000000000000', day, 0, CASE WHEN was_unknown AND state <> 7 THEN 1 ELSE 0 END,
                state, result_code, 2, error FROM final ORDER BY id
            ON CONFLICT DO NOTHING
            RETURNING id
        )
        INSERT INTO outbox ({{OutboxColumns}})
        SELECT $3::timestamptz, $4::timestamptz, accepted_at, done_at, $6::bigint, delivery_id, id, day, 0, $5::smallint, 1, protocol, 0,
            state, result_code, 4, 0, account, client_message_id, app_id, conversation_id, NULL, handset, sender, error, NULL
        FROM final
        WHERE (id IN (SELECT id FROM recorded)) IS TRUE AND (registered = 1 OR (registered = 2 AND state IN (3, 4, 5, 8)))
        RETURNING {{OutboxColumns}}
        """;

    // An MO that is not owed yet, whole but for its octets; without an account where nobody owns its number.
    private const string MoDelivery = """
        jsonb_build_object('accepted_at', at, 'delivery_id', id, 'entry_id', id, 'entry_day', day, 'kind', 2, 'protocol', protocol, 'offers', 0,
                    'result_code', 0, 'esm_class', esm_class, 'data_coding', data_coding, 'account', account, 'connector', connector, 'source', source,
                    'destination', destination)
        """;

    /// <summary>
    /// Stores MOs that are won: without a carrier key, or with a key row that carries our nonce, unless a node of the version before holds the carrier's id
    /// for the same octets. $1 ids, $2 days, $3 nonces (null = no key), $4 connectors,
    /// $5 accounts (null = unroutable), $6 protocols, $7 carrier keys, $8 hashes, $9 sources, $10 destinations, $11 esm classes, $12 data codings, $13 bodies,
    /// $14 at, $15 fingerprints (empty = never suspected), $16 due, $17 now, $18 node, $19 epoch, $20 keys of the carrier's ids alone. Returns the won ids,
    /// whether stored now, whether they wait as suspected repeats.
    /// </summary>
    public const string StoreMos = $$"""
        WITH won AS MATERIALIZED (
            SELECT i.*, (SELECT true FROM mo_first f
                WHERE f.fingerprint = i.fingerprint AND f.id <> i.id
                    AND f.at + interval '0' BETWEEN i.at - interval '10 minutes' AND i.at + interval '10 minutes') IS TRUE AS suspected
            FROM unnest($1::uuid[], $2::date[], $3::bigint[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::uuid[], $9::text[], $10::text[],
                $11::smallint[], $12::smallint[], $13::bytea[], $14::timestamptz[], $15::uuid[], $20::uuid[])
            AS i(id, day, nonce, connector, account, protocol, carrier_key, body_hash, source, destination, esm_class, data_coding, body, at, fingerprint, carrier_id)
            WHERE i.nonce IS NULL OR (
                i.nonce = (
                    SELECT k.nonce FROM ledger_key k
                    WHERE k.generation IN ((SELECT current FROM key_generation), (SELECT previous FROM key_generation)) AND k.key = i.id LIMIT 1)
                AND (
                    SELECT k.nonce <> i.nonce AND k.content = i.body_hash FROM ledger_key k
                    WHERE k.generation IN ((SELECT current FROM key_generation), (SELECT previous FROM key_generation)) AND k.key = i.carrier_id
                    LIMIT 1) IS NOT TRUE)
        ), unroutable AS (
            INSERT INTO parked (at, id, kind, reason, connector, raw, delivery)
            SELECT at, id, 'mo_unroutable', 'No account owns the number it was sent to', connector, body,
                {{MoDelivery}}
            FROM won WHERE account IS NULL
            ON CONFLICT DO NOTHING
        ), stored AS (
            INSERT INTO mo (at, id, body_hash, day, connector, account, carrier_key)
            SELECT at, id, body_hash, day, connector, account, carrier_key FROM won WHERE account IS NOT NULL
            ON CONFLICT DO NOTHING
            RETURNING id
        ), owing AS (
            INSERT INTO outbox (created_at, due_at, accepted_at, epoch, delivery_id, entry_id, entry_day, owner, kind, protocol, offers,
                result_code, esm_class, data_coding, account, connector, source, destination, body)
            SELECT at, $16::timestamptz, at, $19::bigint, id, id, day, $18::smallint, 2, protocol, 0,
                0, esm_class, data_coding, account, connector, source, destination, body
            FROM won WHERE NOT suspected AND (id IN (SELECT id FROM stored)) IS TRUE
        ), waiting AS (
            INSERT INTO mo_suspect (at, stored_at, epoch, id, fingerprint, node, proof, delivery, body)
            SELECT at, $17::timestamptz, $19::bigint, id, fingerprint, $18::smallint, 0,
                {{MoDelivery}}, body
            FROM won WHERE suspected AND (id IN (SELECT id FROM stored)) IS TRUE
            ON CONFLICT DO NOTHING
        )
        SELECT id, (id IN (SELECT id FROM stored)) IS TRUE, suspected FROM won
        """;

    /// <summary>Puts something raw on the parked list, once per id. $1 id, $2 kind, $3 reason, $4 connector, $5 raw, $6 now.</summary>
    public const string ParkRaw = """
        INSERT INTO parked (at, id, kind, reason, connector, raw) VALUES ($6::timestamptz, $1::uuid, $2::text, $3::text, $4::text, $5::bytea)
        ON CONFLICT DO NOTHING
        """;
}
