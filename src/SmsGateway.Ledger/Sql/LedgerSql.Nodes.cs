namespace SmsGateway.Ledger;

// Nodes and their epochs.
internal static partial class LedgerSql
{
    /// <summary>Makes the node's row once. $1 name, $2 site, $3 now.</summary>
    public const string AddNode = """
        INSERT INTO node (name, site, mode, epoch, counter, started_at) VALUES ($1::text, $2::text, 'hot', 0, 0, $3::timestamptz)
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Waits for every transaction that holds the present epoch. Not RETURNING: the next statement must see what they left. $1 name.</summary>
    public const string LockNode = "SELECT FROM node WHERE name = $1::text FOR UPDATE";

    /// <summary>Who holds a name. $1 name.</summary>
    public const string NameHeld = "SELECT epoch, counter, live, process, started_at FROM node WHERE name = $1::text";

    /// <summary>
    /// Takes the next epoch, unless the row has changed since it was looked at. The mode an operator gave stays.
    /// $1 name, $2 site, $3 version, $4 now, $5 process, $6 epoch seen, $7 counter seen.
    /// </summary>
    public const string RaiseEpoch = """
        UPDATE node SET epoch = epoch + 1, counter = 0, live = true, site = $2::text, version = $3::text, started_at = $4::timestamptz,
            renewed_at = $4::timestamptz, process = $5::text, reach = NULL
        WHERE name = $1::text AND epoch = $6::bigint AND counter = $7::bigint
        RETURNING id, epoch
        """;

    /// <summary>Places among a carrier's binds follow their node to its new epoch, or are given up by a new process. $1 name, $2 keep.</summary>
    public const string MoveBindSlots = """
        WITH mine AS (SELECT id, epoch FROM node WHERE name = $1::text), gone AS (
            DELETE FROM bind_slot b USING mine m WHERE b.node = m.id AND NOT $2::boolean
        )
        UPDATE bind_slot b SET epoch = m.epoch FROM mine m WHERE b.node = m.id AND $2::boolean
        """;

    /// <summary>Renews a lease. $1 node, $2 epoch, $3 now, $4 reach (null = unchanged), $5 configuration version, $6 its hash.</summary>
    public const string RenewLease = """
        UPDATE node SET counter = counter + 1, renewed_at = $3::timestamptz, reach = COALESCE($4::text::jsonb, reach),
            configuration_version = $5::bigint, configuration_hash = $6::text
        WHERE id = $1::smallint AND epoch = $2::bigint AND live
        RETURNING counter
        """;

    /// <summary>All nodes with their sites' modes, and the configuration in force.</summary>
    public const string NodeDirectory = """
        SELECT n.id, n.name, n.site, n.mode, COALESCE((SELECT s.mode FROM site s WHERE s.name = n.site), 'hot'), n.live, n.epoch, n.counter, n.version,
            n.configuration_version, n.configuration_hash, n.reach::text, n.started_at, n.renewed_at, (SELECT max(c.version) FROM configuration c)
        FROM node n ORDER BY n.name
        """;

    /// <summary>Keeps a wait for a row lock short. $1 time.</summary>
    public const string LockTimeout = "SELECT set_config('lock_timeout', $1::text, true)";

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

    /// <summary>A place that nobody live holds. $1 connector, $2 places, $3 node, $4 epoch. No row: none is free, or another was faster.</summary>
    public const string TakeBindSlot = """
        INSERT INTO bind_slot (epoch, slot, node, connector)
        SELECT $4::bigint, s, $3::smallint, $1::text FROM generate_series(1, $2::integer) s
        WHERE NOT EXISTS (
            SELECT FROM bind_slot b JOIN node n ON n.id = b.node AND n.epoch = b.epoch AND n.live WHERE b.connector = $1::text AND b.slot = s)
        ORDER BY s LIMIT 1
        ON CONFLICT (connector, slot) DO UPDATE SET node = excluded.node, epoch = excluded.epoch
        WHERE NOT EXISTS (SELECT FROM node n WHERE n.id = bind_slot.node AND n.epoch = bind_slot.epoch AND n.live)
        RETURNING slot::integer
        """;

    /// <summary>Gives a place back. $1 connector, $2 slot, $3 node.</summary>
    public const string ReleaseBindSlot = "DELETE FROM bind_slot WHERE connector = $1::text AND slot = $2::integer AND node = $3::smallint";

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
