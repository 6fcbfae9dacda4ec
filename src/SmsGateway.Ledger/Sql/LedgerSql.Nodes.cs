namespace SmsGateway.Ledger;

// Nodes and their epochs.
internal static partial class LedgerSql
{
    /// <summary>Makes the node's row once; a row that is there costs no number (they are few, and every start comes here). $1 name, $2 site, $3 now.</summary>
    public const string AddNode = """
        INSERT INTO node (name, site, mode, epoch, counter, started_at)
        SELECT $1::text, $2::text, 'hot', 0, 0, $3::timestamptz WHERE NOT EXISTS (SELECT FROM node WHERE name = $1::text)
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Waits for every transaction that holds the present epoch. Not RETURNING: the next statement must see what they left. $1 name.</summary>
    public const string LockNode = "SELECT FROM node WHERE name = $1::text FOR UPDATE";

    /// <summary>Who holds a name. $1 name.</summary>
    public const string NameHeld = "SELECT epoch, counter, live, process, started_at FROM node WHERE name = $1::text";

    /// <summary>
    /// Takes the next epoch, unless the row has changed since it was looked at. The mode an operator gave stays. Places among a carrier's
    /// binds follow their process to its new epoch; those of another process are given up.
    /// $1 name, $2 site, $3 version, $4 now, $5 process, $6 epoch seen, $7 counter seen, $8 the same process.
    /// </summary>
    public const string RaiseEpoch = """
        WITH raised AS (
            UPDATE node SET epoch = epoch + 1, counter = 0, live = true, site = $2::text, version = $3::text, started_at = $4::timestamptz,
                renewed_at = $4::timestamptz, process = $5::text, reach = NULL
            WHERE name = $1::text AND epoch = $6::bigint AND counter = $7::bigint
            RETURNING id, epoch
        ), gone AS (
            DELETE FROM bind_slot b USING raised r WHERE b.node = r.id AND NOT $8::boolean
        ), kept AS (
            UPDATE bind_slot b SET epoch = r.epoch FROM raised r WHERE b.node = r.id AND $8::boolean
        )
        SELECT id, epoch FROM raised
        """;

    /// <summary>Renews a lease. $1 node, $2 epoch, $3 now, $4 reach (null = unchanged), $5 configuration version, $6 its hash.</summary>
    public const string RenewLease = """
        UPDATE node SET counter = counter + 1, renewed_at = $3::timestamptz, reach = COALESCE($4::text::jsonb, reach),
            configuration_version = $5::bigint, configuration_hash = $6::text, held = $7::bigint
        WHERE id = $1::smallint AND epoch = $2::bigint AND live
        RETURNING counter
        """;

    /// <summary>All nodes with their sites' modes, and the configuration in force.</summary>
    public const string NodeDirectory = """
        SELECT n.id, n.name, n.site, n.mode, COALESCE((SELECT s.mode FROM site s WHERE s.name = n.site), 'hot'), n.live, n.epoch, n.counter, n.version,
            n.configuration_version, n.configuration_hash, n.reach::text, n.started_at, n.renewed_at, (SELECT max(c.version) FROM configuration c), n.held
        FROM node n ORDER BY n.name
        """;

    /// <summary>Keeps a wait for a row lock short. $1 time.</summary>
    public const string LockTimeout = "SELECT set_config('lock_timeout', $1::text, true)";

    /// <summary>
    /// Ends the transactions of a node, if it is still as it was seen, that wait in the middle of a batch for a client that sends no more: no
    /// other timeout knows them, and they hold the node's row. One that is in commit does not wait for its client. $1 node, $2 epoch, $3 counter,
    /// $4 seconds they must be old.
    /// </summary>
    public const string EndUnfinished = """
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
            AND a.application_name = (
                SELECT left('smsgateway/' || n.name, 63) FROM node n WHERE n.id = $1::smallint AND n.epoch = $2::bigint AND n.counter = $3::bigint AND n.live)
            AND a.state <> 'idle' AND a.wait_event = 'ClientRead' AND a.xact_start < clock_timestamp() - make_interval(secs => $4::double precision)
        """;

    /// <summary>Waits for every transaction that holds this epoch, if it is still as it was seen. $1 node, $2 epoch, $3 counter.</summary>
    public const string LockSeenNode = "SELECT FROM node WHERE id = $1::smallint AND epoch = $2::bigint AND counter = $3::bigint AND live FOR UPDATE";

    /// <summary>Ends a lease that is still as it was seen. $1 node, $2 epoch, $3 counter.</summary>
    public const string TakeOverNode = """
        UPDATE node SET epoch = epoch + 1, live = false, reach = NULL WHERE id = $1::smallint AND epoch = $2::bigint AND counter = $3::bigint AND live
        RETURNING epoch
        """;

    /// <summary>Ends one's own lease. $1 node, $2 epoch.</summary>
    public const string LeaveNode = """
        UPDATE node SET epoch = epoch + 1, live = false, reach = NULL WHERE id = $1::smallint AND epoch = $2::bigint RETURNING epoch
        """;

    /// <summary>
    /// What a node owns, counted up to a limit each; an attempt whose bind is gone is in doubt, and nothing to wait for. $1 node, $2 epoch, $3 limit.
    /// </summary>
    public const string Leftovers = """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM queue WHERE owner = $1::smallint LIMIT $3::integer) q),
            (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE owner = $1::smallint LIMIT $3::integer) o),
            (SELECT count(*) FROM (
                SELECT 1 FROM attempt t JOIN node n ON n.id = t.owner
                WHERE t.owner = $1::smallint AND t.epoch = $2::bigint AND COALESCE(jsonb_exists(n.reach -> 'binds', t.bind), true)
                LIMIT $3::integer) a)
        """;

    /// <summary>
    /// Gives a node a mode, and says so in the audit. $1 name, $2 mode, $3 now, $4 actor, $5 role, $6 at which node, $7 note. No row: no such node.
    /// </summary>
    public const string SetNodeMode = """
        WITH was AS (SELECT id, mode FROM node WHERE name = $1::text FOR NO KEY UPDATE), changed AS (
            UPDATE node n SET mode = $2::text FROM was w WHERE n.id = w.id
        )
        INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
        SELECT $3::timestamptz, $4::text, $5::text, $6::text, 'node mode', $1::text, was.mode, $2::text, $7::text FROM was RETURNING before
        """;

    /// <summary>Gives a site a mode, and says so in the audit. Parameters as <see cref="SetNodeMode"/>. No row: no node is of that site.</summary>
    public const string SetSiteMode = """
        WITH was AS (SELECT COALESCE((SELECT mode FROM site WHERE name = $1::text), 'hot') AS mode WHERE EXISTS (SELECT FROM node WHERE site = $1::text)), changed AS (
            INSERT INTO site (name, mode) SELECT $1::text, $2::text FROM was ON CONFLICT (name) DO UPDATE SET mode = excluded.mode
        )
        INSERT INTO audit (at, actor, role, node, action, target, before, after, note)
        SELECT $3::timestamptz, $4::text, $5::text, $6::text, 'site mode', $1::text, was.mode, $2::text, $7::text FROM was RETURNING before
        """;

    /// <summary>A grant of a carrier's rate. $1 connector, $2 node, $3 per second, $4 wanted.</summary>
    public const string GrantRate = "SELECT rate_grant($1::text, $2::smallint, $3::double precision, $4::integer)";

    /// <summary>One at a time takes a place at a carrier: a statement of its own, so that the next one sees what the last one took. $1 connector.</summary>
    public const string LockBindSlots = "SELECT pg_advisory_xact_lock(7310010, hashtext($1::text))";

    /// <summary>Keeps one's epoch until COMMIT, so that places follow it to the next one. $1 node, $2 epoch.</summary>
    public const string ShareEpoch = "SELECT FROM node WHERE id = $1::smallint AND epoch = $2::bigint AND live FOR KEY SHARE";

    /// <summary>A place that nobody live holds, while fewer are held than there may be. $1 connector, $2 places, $3 node, $4 epoch. No row: none is free, or the epoch is gone.</summary>
    public const string TakeBindSlot = """
        WITH held AS MATERIALIZED (
            SELECT b.slot FROM bind_slot b JOIN node n ON n.id = b.node AND n.epoch = b.epoch AND n.live WHERE b.connector = $1::text
        )
        INSERT INTO bind_slot (epoch, slot, node, connector)
        SELECT $4::bigint, s, $3::smallint, $1::text FROM generate_series(1, (SELECT count(*) + 1 FROM held)) s
        WHERE s NOT IN (SELECT slot FROM held) AND (SELECT count(*) FROM held) < $2::integer
            AND EXISTS (SELECT FROM node n WHERE n.id = $3::smallint AND n.epoch = $4::bigint AND n.live)
        ORDER BY s LIMIT 1
        ON CONFLICT (connector, slot) DO UPDATE SET node = excluded.node, epoch = excluded.epoch
        RETURNING slot::integer
        """;

    /// <summary>
    /// Gives a place back that this epoch holds, or a later one of this process (it follows a new epoch before this process knows), but not
    /// another process that has the name by now. $1 connector, $2 slot, $3 node, $4 epoch, $5 process.
    /// </summary>
    public const string ReleaseBindSlot = """
        DELETE FROM bind_slot b WHERE b.connector = $1::text AND b.slot = $2::integer AND b.node = $3::smallint
            AND (b.epoch = $4::bigint OR (SELECT n.process = $5::text FROM node n WHERE n.id = $3::smallint))
        """;

    /// <summary>Places that somebody live holds. $1 connector.</summary>
    public const string BindSlots = """
        SELECT b.slot::integer, b.node FROM bind_slot b JOIN node n ON n.id = b.node AND n.epoch = b.epoch AND n.live WHERE b.connector = $1::text ORDER BY b.slot
        """;

    /// <summary>What health asks.</summary>
    public const string Condition = """
        SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
            clock_timestamp()
        """;
}
