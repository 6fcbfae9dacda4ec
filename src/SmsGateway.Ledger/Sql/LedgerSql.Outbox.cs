namespace SmsGateway.Ledger;

// What is owed to accounts, and its end.
internal static partial class LedgerSql
{
    /// <summary>All of a delivery, in the order that <c>DeliveryRows</c> reads.</summary>
    private const string OutboxColumns =
        "created_at, due_at, accepted_at, done_at, epoch, delivery_id, entry_id, entry_day, segment, owner, kind, protocol, offers, state, result_code, " +
        "esm_class, data_coding, account, client_message_id, app_id, conversation_id, connector, source, destination, error, body";

    /// <summary>Accounts with a delivery due, by skipping from one to the next in the index. $1 node, $2 epoch, $3 now.</summary>
    public const string AccountsDue = """
        WITH RECURSIVE owed AS (
            (SELECT o.account FROM outbox o WHERE o.owner = $1::smallint AND o.epoch = $2::bigint ORDER BY o.account LIMIT 1)
            UNION ALL
            SELECT next.account FROM owed CROSS JOIN LATERAL (
                SELECT o.account FROM outbox o WHERE o.owner = $1::smallint AND o.epoch = $2::bigint AND o.account > owed.account
                ORDER BY o.account LIMIT 1) next
        )
        SELECT account FROM owed WHERE (
            SELECT true FROM outbox o
            WHERE o.owner = $1::smallint AND o.epoch = $2::bigint AND o.account = owed.account AND o.due_at <= $3::timestamptz LIMIT 1)
        """;

    /// <summary>Deliveries of one account that are due. $1 node, $2 epoch, $3 account, $4 now, $5 limit.</summary>
    public const string FetchOutbox = $$"""
        SELECT {{OutboxColumns}} FROM outbox
        WHERE owner = $1::smallint AND epoch = $2::bigint AND account = $3::text AND due_at <= $4::timestamptz
        ORDER BY due_at LIMIT $5::integer
        """;

    /// <summary>
    /// Where a look at so many due deliveries of one account begins, newest due first; no row = it sees the oldest one too.
    /// $1 node, $2 epoch, $3 account, $4 up to, $5 how many.
    /// </summary>
    public const string OutboxPageStart = """
        SELECT due_at FROM outbox
        WHERE owner = $1::smallint AND epoch = $2::bigint AND account = $3::text AND due_at <= $4::timestamptz
        ORDER BY due_at DESC OFFSET $5::integer LIMIT 1
        """;

    /// <summary>
    /// Deliveries of one account and protocol that are due within a page. The index knows no protocol: the page bounds what is looked at.
    /// $1 node, $2 epoch, $3 account, $4 from, $5 up to, $6 protocol, $7 limit.
    /// </summary>
    public const string FetchOutboxPage = $$"""
        SELECT {{OutboxColumns}} FROM outbox
        WHERE owner = $1::smallint AND epoch = $2::bigint AND account = $3::text AND due_at >= $4::timestamptz AND due_at <= $5::timestamptz
            AND protocol = $6::smallint
        ORDER BY due_at LIMIT $7::integer
        """;

    /// <summary>Ends deliveries. $1 ids, $2 offers, $3 targets, $4 how, $5 now, $6 day. Returns those that were still owed.</summary>
    public const string EndDeliveries = """
        WITH gone AS (
            DELETE FROM outbox o
            USING unnest($1::uuid[], $2::smallint[], $3::text[], $4::smallint[]) AS i(delivery_id, offers, target, how)
            CROSS JOIN LATERAL (SELECT f.ctid AS place FROM outbox f WHERE f.delivery_id = i.delivery_id LIMIT 1) f
            WHERE o.ctid = f.place
            RETURNING o.created_at, o.delivery_id, o.entry_id, o.kind, o.state, i.offers, i.how, o.account, i.target
        )
        INSERT INTO delivery_end (created_at, at, delivery_id, entry_id, day, kind, state, offers, how, account, target)
        SELECT created_at, $5::timestamptz, delivery_id, entry_id, $6::date, kind, state, offers, how, account, target FROM gone
        RETURNING delivery_id
        """;

    /// <summary>New due times. $1 ids, $2 due, $3 offers.</summary>
    public const string RetryDeliveries = """
        UPDATE outbox o SET due_at = i.due_at, offers = i.offers
        FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[]) AS i(delivery_id, due_at, offers)
        CROSS JOIN LATERAL (SELECT f.ctid AS place FROM outbox f WHERE f.delivery_id = i.delivery_id LIMIT 1) f
        WHERE o.ctid = f.place
        RETURNING 1
        """;

    /// <summary>
    /// Gives deliveries of this node to another one, if that still has the epoch it was seen with; due at once or when told.
    /// $1 ids, $2 due, $3 offers, $4 node, $5 to node, $6 its epoch.
    /// </summary>
    public const string HandOverOutbox = """
        UPDATE outbox o SET owner = $5::smallint, epoch = $6::bigint, due_at = i.due_at, offers = i.offers
        FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[]) AS i(delivery_id, due_at, offers)
        CROSS JOIN LATERAL (SELECT f.ctid AS place FROM outbox f WHERE f.delivery_id = i.delivery_id LIMIT 1) f
        WHERE o.ctid = f.place AND o.owner + 0 = $4::smallint
            AND (SELECT true FROM node n WHERE n.id = $5::smallint AND n.epoch = $6::bigint AND n.live)
        RETURNING o.delivery_id
        """;

    /// <summary>Gives deliveries of this node that are not due yet to another one. Parameters as <see cref="HandOverLaterQueue"/>.</summary>
    public const string HandOverLaterOutbox = """
        WITH later AS (
            SELECT ctid AS place FROM outbox
            WHERE owner = $1::smallint AND epoch = $2::bigint AND due_at > $5::timestamptz
                AND (SELECT true FROM node n WHERE n.id = $3::smallint AND n.epoch = $4::bigint AND n.live)
            LIMIT $6::integer FOR UPDATE SKIP LOCKED
        )
        UPDATE outbox o SET owner = $3::smallint, epoch = $4::bigint FROM later l WHERE o.ctid = l.place
        RETURNING 1
        """;

    /// <summary>Ends a delivery and lists it as parked. $1 id, $2 offers, $3 reason, $4 now, $5 day.</summary>
    public const string ParkDelivery = """
        WITH gone AS (
            DELETE FROM outbox WHERE delivery_id = $1::uuid RETURNING *
        ), listed AS (
            INSERT INTO parked (at, id, entry_id, entry_day, segment, kind, reason, connector, account, raw, delivery)
            SELECT $4::timestamptz, delivery_id, entry_id, entry_day, segment, 'delivery', $3::text, connector, account, body, to_jsonb(gone) - 'body' FROM gone
        )
        INSERT INTO delivery_end (created_at, at, delivery_id, entry_id, day, kind, state, offers, how, account)
        SELECT created_at, $4::timestamptz, delivery_id, entry_id, $5::date, kind, state, $2::smallint, 2, account FROM gone
        RETURNING delivery_id
        """;

    /// <summary>Deliveries a node owes. $1 node.</summary>
    public const string OutboxDepth = "SELECT count(*) FROM outbox WHERE owner = $1::smallint";
}
