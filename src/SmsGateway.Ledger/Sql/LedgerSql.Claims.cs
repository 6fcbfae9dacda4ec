namespace SmsGateway.Ledger;

// Every hot statement of the ledger, by concern. Arrays in (unnest), rows out; a duplicate is a missing row and not an
// exception. Parameters are positional; LedgerSqlTests prepares each constant against the migrated schema.
//
// Plans are generic and made once, often on empty tables, and must still be right on full ones. So:
// - a table is reached from the batch by LATERAL (... LIMIT 1 or OFFSET 0) or a scalar sub-select, never by a plain join
//   or EXISTS: the planner cannot turn those round and read the whole table;
// - DELETE and UPDATE go by ctid, found that way; conditions that another index could serve are repeated with "+ 0", so
//   that they are only checked (again, when the row was changed meanwhile);
// - INSERT ... ON CONFLICT takes its rows in the order of their key: nodes that store the same facts at once wait for each other, never in a ring;
// - two sets of one batch are compared by "(x IN (SELECT ...)) IS TRUE": a hashed sub-select, where a plain IN would become
//   a nested loop over all pairs.
internal static partial class LedgerSql
{
    /// <summary>Fence and generation lock, first in every transaction that uses the right to emit. $1 node, $2 epoch.</summary>
    public const string Enter = "SELECT ledger_enter($1, $2)";

    /// <summary>
    /// Writes WAL under the transaction's own xid, last in every transaction whose answer vouches for a fact and that begins with no row lock. One that finds all
    /// its rows stored already (a retry, a carrier's repeat) writes nothing else: its COMMIT would not wait for the standby, and would vouch for rows that may be
    /// on one machine. A message that nobody reads costs no lock and some 60 octets per batch.
    /// </summary>
    public const string Vouch = "SELECT pg_logical_emit_message(true, 'smsgateway', ''::text)";

    /// <summary>Only the generation lock, for facts that claim a key but need no fence (MO).</summary>
    public const string ShareGeneration = "SELECT pg_advisory_xact_lock_shared(7310001)";

    /// <summary>Takes keys that no generation holds. Input sorted by key, each key once. $1 keys, $2 contents, $3 nonces, $4 parts.</summary>
    public const string ClaimKeys = """
        INSERT INTO ledger_key (generation, key, content, nonce, parts)
        SELECT g.current, i.key, i.content, i.nonce, i.parts
        FROM key_generation g CROSS JOIN unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[]) AS i(key, content, nonce, parts)
        WHERE (SELECT true FROM ledger_key k WHERE k.generation = g.previous AND k.key = i.key) IS NULL
        ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// Writes the entries that are won: unkeyed, or with a key row that carries our nonce. Rows for queue and attempt
    /// only where the entry is fresh: on a retry they may have moved on already. Returns the won ids and their freshness.
    /// $1.. see <c>ClaimLedger.Fill</c>.
    /// </summary>
    public const string ClaimEntries = """
        WITH won AS MATERIALIZED (
            SELECT i.* FROM unnest(
                $1::uuid[], $2::boolean[], $3::bigint[], $4::date[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::text[], $13::smallint[], $14::smallint[], $15::smallint[], $16::smallint[], $17::smallint[], $18::smallint[],
                $19::timestamptz[], $20::timestamptz[], $21::numeric[], $22::numeric[], $23::text[], $24::text[], $25::bytea[], $26::integer[],
                $27::text[], $28::text[])
            AS i(id, keyed, nonce, day, account, protocol, client_message_id, app_id, conversation_id, sender,
                carrier_asked, route, priority, registered, data_coding, esm_class, protocol_id, parts,
                accepted_at, valid_until, price, cost, currency, destination, payload, more_from, connector, bind)
            WHERE NOT i.keyed OR i.nonce = (
                SELECT k.nonce FROM ledger_key k
                WHERE k.generation IN ((SELECT current FROM key_generation), (SELECT previous FROM key_generation)) AND k.key = i.id LIMIT 1)
        ), fresh AS (
            INSERT INTO entry (accepted_at, valid_until, epoch, id, day, node, protocol, priority, registered, data_coding, esm_class, protocol_id,
                parts, account, client_message_id, app_id, conversation_id, sender, carrier_asked, route, price, cost, currency)
            SELECT accepted_at, valid_until, $31::bigint, id, day, $30::smallint, protocol, priority, registered, data_coding, esm_class, protocol_id,
                parts, account, client_message_id, app_id, conversation_id, sender, carrier_asked, string_to_array(route, E'\n'), price, cost, currency
            FROM won
            ON CONFLICT DO NOTHING
            RETURNING id
        ), texts AS (
            INSERT INTO entry_text (id, day, destination, payloads)
            SELECT id, day, destination, CASE WHEN parts = 1 THEN ARRAY[payload] ELSE ($29::bytea[])[more_from : more_from + parts - 1] END
            FROM won
            ON CONFLICT DO NOTHING
        ), attempted AS (
            INSERT INTO attempt (at, valid_until, epoch, id, day, segment, number, owner, priority, parts, failures, connector, bind)
            SELECT accepted_at, valid_until, $31::bigint, id, day, 1, 1, $30::smallint, priority, parts, 0, connector, bind
            FROM won
            WHERE bind IS NOT NULL AND (id IN (SELECT id FROM fresh)) IS TRUE
        ), queued AS (
            INSERT INTO queue (due_at, valid_until, epoch, id, day, segment, attempt, owner, priority, parts, failures, connector)
            SELECT accepted_at, valid_until, $31::bigint, id, day, segment, 1, $30::smallint, priority, parts, 0, connector
            FROM won CROSS JOIN LATERAL generate_series(1, won.parts) AS segment
            WHERE bind IS NULL AND (id IN (SELECT id FROM fresh)) IS TRUE
        )
        SELECT id, (id IN (SELECT id FROM fresh)) IS TRUE FROM won
        """;

    /// <summary>
    /// What the keys we did not win hold. The row lock makes this transaction write WAL under its own xid even when all
    /// its items are duplicates, so that its COMMIT waits for the standby too. $1 keys, $2 nonces.
    /// </summary>
    public const string ClaimDuplicates = """
        SELECT k.key, k.content, k.parts
        FROM unnest($1::uuid[], $2::bigint[]) AS i(key, nonce) CROSS JOIN LATERAL (
            SELECT k.key, k.content, k.parts FROM ledger_key k
            WHERE k.generation IN ((SELECT current FROM key_generation), (SELECT previous FROM key_generation)) AND k.key = i.key AND k.nonce <> i.nonce
            FOR KEY SHARE) k
        """;

    /// <summary>
    /// An entry that was accepted on hold and lost its key: its row, its receipt REJECTED of the gateway, and the delivery where one is owed. The outbox row
    /// names the id that the client was told. Idempotent by the entry's key. $1 own id, $2 told id, $3 day, $4 account, $5 protocol, $6 client message id,
    /// $7 app id, $8 conversation, $9 sender, $10 carrier asked, $11 route, $12 priority, $13 registered, $14 data coding, $15 esm class, $16 protocol id,
    /// $17 parts, $18 accepted, $19 valid until, $20 destination, $21 payloads, $22 now, $23 due, $24 node, $25 epoch, $26 segment, $27 result code.
    /// </summary>
    public const string RejectEntry = $$"""
        WITH entered AS (
            INSERT INTO entry (accepted_at, valid_until, epoch, id, day, node, protocol, priority, registered, data_coding, esm_class, protocol_id,
                parts, account, client_message_id, app_id, conversation_id, sender, carrier_asked, route)
            VALUES ($18::timestamptz, $19::timestamptz, $25::bigint, $1::uuid, $3::date, $24::smallint, $5::smallint, $12::smallint, $13::smallint, $14::smallint,
                $15::smallint, $16::smallint, $17::smallint, $4::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text[])
            ON CONFLICT DO NOTHING
            RETURNING id
        ), texts AS (
            INSERT INTO entry_text (id, day, destination, payloads) VALUES ($1::uuid, $3::date, $20::text, $21::bytea[]) ON CONFLICT DO NOTHING
        ), recorded AS (
            INSERT INTO receipt (done_at, at, id, body_hash, day, segment, number, state, result_code, origin, error)
            SELECT $22::timestamptz, $22::timestamptz, id, '00000000-0000-0000-0000-000000000000', $3::date, $26::smallint, 0, 8, $27::smallint, 2, NULL FROM entered
            RETURNING id
        ), owing AS (
            INSERT INTO outbox ({{OutboxColumns}})
            SELECT $22::timestamptz, $23::timestamptz, $18::timestamptz, $22::timestamptz, $25::bigint, gen_random_uuid(), $2::uuid, $3::date, $26::smallint, $24::smallint, 1,
                $5::smallint, 0, 8, $27::smallint, 4, 0, $4::text, $6::text, $7::text, $8::text, NULL, $20::text, $9::text, NULL, NULL
            FROM recorded WHERE $13::smallint IN (1, 2)
        )
        SELECT EXISTS (SELECT FROM recorded)
        """;

    /// <summary>
    /// On a retry: which entries an earlier try wrote whose rows still stand as that try left them, under this epoch.
    /// A statement of its own, because the earlier try may have committed while this transaction waited for it.
    /// $1 ids, $2 days, $3 node, $4 epoch.
    /// </summary>
    public const string ClaimStanding = """
        SELECT i.id
        FROM unnest($1::uuid[], $2::date[]) AS i(id, day)
        WHERE (SELECT true FROM entry e WHERE e.id = i.id AND e.day = i.day AND e.node = $3::smallint AND e.epoch = $4::bigint)
            AND COALESCE(
                (SELECT true FROM attempt a WHERE a.id = i.id AND a.number = 1 AND a.owner + 0 = $3::smallint AND a.epoch + 0 = $4::bigint LIMIT 1),
                (SELECT true FROM queue q WHERE q.id = i.id AND q.attempt = 1 AND q.owner + 0 = $3::smallint AND q.epoch + 0 = $4::bigint LIMIT 1),
                false)
        """;
}
