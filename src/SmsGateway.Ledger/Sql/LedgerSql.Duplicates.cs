namespace SmsGateway.Ledger;

// MOs that may be the carrier's repeat of one whose acknowledgement it did not get. What locks more than one row of these tables either goes by
// fingerprint (ClaimMoFirsts) or skips what is locked: nobody waits in a ring.
internal static partial class LedgerSql
{
    /// <summary>
    /// Makes MOs the first of their content where none came in the ten minutes before, or the last one's acknowledgement is proven and none waits behind
    /// it. Input sorted by fingerprint, each once. $1 fingerprints, $2 ids, $3 at, $4 now, $5 node, $6 epoch.
    /// </summary>
    public const string ClaimMoFirsts = """
        INSERT INTO mo_first AS f (at, stored_at, epoch, fingerprint, id, node, proof)
        SELECT i.at, $4::timestamptz, $6::bigint, i.fingerprint, i.id, $5::smallint, 0
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS i(fingerprint, id, at)
        ON CONFLICT (fingerprint) DO UPDATE
        SET at = EXCLUDED.at, stored_at = EXCLUDED.stored_at, epoch = EXCLUDED.epoch, id = EXCLUDED.id, node = EXCLUDED.node, proof = 0
        WHERE f.id <> EXCLUDED.id AND (f.at < EXCLUDED.at - interval '10 minutes' OR (f.proof = 1 AND f.at <= EXCLUDED.at
            AND (SELECT true FROM mo_suspect s WHERE s.fingerprint = EXCLUDED.fingerprint LIMIT 1) IS NULL))
        """;

    /// <summary>What is known now of acknowledgements of firsts. Returns the ids that were found. $1 ids, $2 proofs.</summary>
    public const string ProveMoFirsts = """
        UPDATE mo_first f SET proof = i.proof
        FROM unnest($1::uuid[], $2::smallint[]) AS i(id, proof)
        CROSS JOIN LATERAL (SELECT ctid AS place FROM mo_first o WHERE o.id = i.id LIMIT 1 FOR UPDATE SKIP LOCKED) o
        WHERE f.ctid = o.place
        RETURNING f.id
        """;

    /// <summary>The same of MOs that wait: they may be the first of the next one. $1 ids, $2 proofs.</summary>
    public const string ProveMoSuspects = """
        UPDATE mo_suspect s SET proof = i.proof
        FROM unnest($1::uuid[], $2::smallint[]) AS i(id, proof)
        CROSS JOIN LATERAL (SELECT ctid AS place FROM mo_suspect o WHERE o.id = i.id AND o.proof <> i.proof LIMIT 1 FOR UPDATE SKIP LOCKED) o
        WHERE s.ctid = o.place
        """;

    /// <summary>
    /// Decides waiting MOs, of each content the oldest: with the first's acknowledgement proven it is a new MO, owed and itself the first from now on; with it
    /// disproven, or nobody left or late who could prove it, it is listed as suppressed. One that came before the first and is played from a journal only now
    /// is judged by its own acknowledgement: without that the first was the repeat. $1 now, $2 due, $3 limit, $4 unproven if stored before, $5 node,
    /// $6 epoch. Returns how many were suppressed, and the new deliveries.
    /// </summary>
    public const string DecideMos = $$"""
        WITH waiting AS MATERIALIZED (
            SELECT DISTINCT ON (s.fingerprint) s.* FROM (
                SELECT ctid AS place, w.* FROM mo_suspect w WHERE w.at <= $1::timestamptz + interval '1 hour' ORDER BY w.at LIMIT $3::integer FOR UPDATE SKIP LOCKED) s
            ORDER BY s.fingerprint, s.at, s.id
        ), judged AS MATERIALIZED (
            SELECT w.*, f.place AS first_place, f.id AS first_id, f.at AS first_at, CASE
                WHEN w.at < f.at AND w.stored_at > w.at + interval '1 second' THEN CASE
                    WHEN w.proof <> 0 THEN w.proof
                    WHEN w.stored_at <= $4::timestamptz OR (SELECT n.epoch FROM node n WHERE n.id = w.node) IS DISTINCT FROM w.epoch THEN 2
                    ELSE 0 END
                WHEN f.at < w.at - interval '10 minutes' THEN 1
                WHEN f.proof <> 0 THEN f.proof
                WHEN f.stored_at <= $4::timestamptz OR (SELECT n.epoch FROM node n WHERE n.id = f.node) IS DISTINCT FROM f.epoch THEN 2
                ELSE 0 END AS verdict
            FROM waiting w CROSS JOIN LATERAL (
                SELECT ctid AS place, o.* FROM mo_first o WHERE o.fingerprint = w.fingerprint LIMIT 1 FOR UPDATE SKIP LOCKED) f
        ), decided AS MATERIALIZED (
            SELECT * FROM judged WHERE verdict <> 0
        ), gone AS (
            DELETE FROM mo_suspect s USING decided d WHERE s.ctid = d.place
        ), succeeded AS (
            UPDATE mo_first f SET at = d.at, stored_at = d.stored_at, epoch = d.epoch, id = d.id, node = d.node, proof = d.proof
            FROM decided d WHERE f.ctid = d.first_place AND d.verdict = 1 AND d.at >= d.first_at
        ), listed AS (
            INSERT INTO parked (at, id, entry_id, entry_day, kind, reason, connector, account, raw, delivery)
            SELECT $1::timestamptz, d.id, d.id, (d.delivery ->> 'entry_day')::date, 'mo_suppressed',
                'The same as MO ' || d.first_id || ', whose acknowledgement may not have arrived', d.delivery ->> 'connector', d.delivery ->> 'account', d.body, d.delivery
            FROM decided d WHERE d.verdict = 2
            ON CONFLICT DO NOTHING
        ), owing AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $1::timestamptz, $2::timestamptz, o.accepted_at, o.done_at, $6::bigint, o.delivery_id, o.entry_id, o.entry_day, o.segment, $5::smallint, o.kind,
                o.protocol, o.offers, o.state, o.result_code, o.esm_class, o.data_coding, o.account, o.client_message_id, o.app_id, o.conversation_id, o.connector,
                o.source, o.destination, o.error, d.body
            FROM decided d CROSS JOIN LATERAL jsonb_populate_record(NULL::outbox, d.delivery) o
            WHERE d.verdict = 1 ORDER BY o.delivery_id
            ON CONFLICT DO NOTHING
            RETURNING {{OutboxColumns}}
        )
        SELECT o.*, c.suppressed FROM (SELECT count(*) AS suppressed FROM decided WHERE verdict = 2) c LEFT JOIN owing o ON true
        """;

    // Until when all that came is in the ledger: each node told at its last renewal that it holds nothing. One that holds something, or has not told since it
    // took its epoch, may hold from any time on; after $3 a journal is not played by itself. $1 now, $3 as long ago as a journal is played.
    private const string PlayedUntil =
        "(SELECT least($1::timestamptz, greatest($3::timestamptz, min(CASE WHEN n.held > 0 OR n.counter = 0 THEN $3::timestamptz ELSE n.renewed_at END))) FROM node n)";

    /// <summary>Forgets firsts that nothing can repeat any more, nor what is held yet. $1 now, $2 limit, $3 as long ago as a journal is played.</summary>
    public const string ForgetMoFirsts = $"""
        WITH late AS (
            SELECT f.ctid AS place FROM mo_first f
            WHERE f.at <= {PlayedUntil} - interval '20 minutes' AND (SELECT true FROM mo_suspect s WHERE s.fingerprint = f.fingerprint LIMIT 1) IS NULL
            ORDER BY f.at LIMIT $2::integer FOR UPDATE SKIP LOCKED
        )
        DELETE FROM mo_first f USING late l WHERE f.ctid = l.place RETURNING f.id
        """;

    /// <summary>
    /// Takes contents whose window is over or that are new, and for each the key row by which its entry is won. One that came before the holder's window and
    /// is played from a journal only now gets its key row too, and the holder stays. Input sorted by fingerprint, each once. A try after an unknown COMMIT
    /// finds its own id, takes nothing, and is won by its key row. $1 fingerprints, $2 ids, $3 at, $4 until, $5 contents, $6 nonces, $7 parts.
    /// </summary>
    public const string ClaimContents = """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::uuid[], $6::bigint[], $7::smallint[])
            AS i(fingerprint, id, at, until, content, nonce, parts)
        ), taken AS (
            INSERT INTO content_claim AS c (at, until, fingerprint, id, parts)
            SELECT at, until, fingerprint, id, parts FROM input
            ON CONFLICT (fingerprint) DO UPDATE SET at = greatest(c.at, EXCLUDED.at), until = greatest(c.until, EXCLUDED.until),
                id = CASE WHEN c.at > EXCLUDED.at THEN c.id ELSE EXCLUDED.id END, parts = CASE WHEN c.at > EXCLUDED.at THEN c.parts ELSE EXCLUDED.parts END
            WHERE c.until <= EXCLUDED.at OR c.at >= EXCLUDED.until
            RETURNING fingerprint
        )
        INSERT INTO ledger_key (generation, key, content, nonce, parts)
        SELECT g.current, i.id, i.content, i.nonce, i.parts
        FROM key_generation g CROSS JOIN input i WHERE (i.fingerprint IN (SELECT fingerprint FROM taken)) IS TRUE ORDER BY i.id
        ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// Who holds contents that are not ours, where the windows of both overlap; the lock makes the COMMIT wait for the standby.
    /// $1 fingerprints, $2 ids, $3 at, $4 until.
    /// </summary>
    public const string ContentDuplicates = """
        SELECT i.id, c.id, c.parts
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS i(fingerprint, id, at, until) CROSS JOIN LATERAL (
            SELECT c.id, c.parts FROM content_claim c
            WHERE c.fingerprint = i.fingerprint AND c.id <> i.id AND c.at < i.until AND i.at < c.until FOR KEY SHARE) c
        """;

    /// <summary>Forgets contents whose window is over, also for what is held yet. $1 now, $2 limit, $3 as long ago as a journal is played.</summary>
    public const string ForgetContents = $"""
        WITH late AS (
            SELECT ctid AS place FROM content_claim WHERE until <= {PlayedUntil} - interval '10 minutes' ORDER BY until LIMIT $2::integer FOR UPDATE SKIP LOCKED
        )
        DELETE FROM content_claim c USING late l WHERE c.ctid = l.place RETURNING c.id
        """;
}
