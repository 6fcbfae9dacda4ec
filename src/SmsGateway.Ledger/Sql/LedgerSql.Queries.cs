namespace SmsGateway.Ledger;

// What operators ask. By id alone: each partition's own index answers.
internal static partial class LedgerSql
{
    /// <summary>The entry. $1 id.</summary>
    public const string TraceEntry = """
        SELECT e.day, e.account, e.protocol, e.client_message_id, e.app_id, e.conversation_id, e.sender, t.destination, e.carrier_asked, e.route, e.priority,
            e.registered, e.data_coding, e.parts, e.accepted_at, e.valid_until, e.price, e.cost, e.currency::text, e.node, e.epoch
        FROM entry e LEFT JOIN entry_text t ON t.id = e.id AND t.day = e.day
        WHERE e.id = $1::uuid LIMIT 1
        """;

    /// <summary>Its segments that wait. $1 id.</summary>
    public const string TraceQueue = "SELECT segment, attempt, connector, due_at FROM queue WHERE id = $1::uuid ORDER BY segment";

    /// <summary>Its attempts: open, ended, evidence. $1 id.</summary>
    public const string TraceAttempts = """
        SELECT segment, number, connector, bind, owner AS node, epoch, at, NULL::timestamptz AS ended_at, NULL::smallint AS kind, 0::bigint AS command_status,
            NULL::text AS carrier_message_id, false AS is_evidence
        FROM attempt WHERE id = $1::uuid
        UNION ALL
        SELECT segment, number, connector, bind, node, epoch, at, ended_at, kind, command_status, carrier_message_id, false FROM attempt_end WHERE id = $1::uuid
        UNION ALL
        SELECT segment, number, connector, bind, 0::smallint, 0::bigint, at, ended_at, kind, command_status, carrier_message_id, true
        FROM attempt_evidence WHERE id = $1::uuid
        ORDER BY segment, number, is_evidence, ended_at
        """;

    /// <summary>Its receipts in order of arrival. $1 id.</summary>
    public const string TraceReceipts = """
        SELECT segment, number, state, result_code, error, done_at, at, origin FROM receipt WHERE id = $1::uuid ORDER BY segment, at, done_at
        """;

    /// <summary>Its deliveries, owed and ended. $1 id.</summary>
    public const string TraceDeliveries = """
        SELECT delivery_id, kind, state, offers, created_at, due_at, NULL::timestamptz AS ended_at, NULL::smallint AS how, NULL::text AS target
        FROM outbox WHERE entry_id = $1::uuid
        UNION ALL
        SELECT delivery_id, kind, state, offers, created_at, NULL, at, how, target FROM delivery_end WHERE entry_id = $1::uuid
        ORDER BY created_at
        """;

    /// <summary>Its parked segments. $1 id.</summary>
    public const string TraceParked = "SELECT segment FROM parked WHERE entry_id = $1::uuid AND kind = 'segment'";

    /// <summary>Attempts without an end, oldest first; a bind is gone when its node last told its binds without it. $1 limit, $2 only those whose epoch is gone.</summary>
    public const string OpenAttempts = """
        SELECT a.id, a.day, a.segment, a.number, COALESCE(e.account, ''), a.connector, a.bind, n.name, a.epoch, a.epoch <> n.epoch, a.at, a.valid_until,
            t.destination, COALESCE(NOT jsonb_exists(n.reach -> 'binds', a.bind), false), a.priority,
            CASE WHEN a.epoch <> n.epoch THEN extract(epoch FROM clock_timestamp() - n.epoch_since)::double precision END, a.owner, n.held
        FROM attempt a JOIN node n ON n.id = a.owner LEFT JOIN entry e ON e.id = a.id AND e.day = a.day
            LEFT JOIN entry_text t ON t.id = a.id AND t.day = a.day
        WHERE NOT $2::boolean OR a.epoch <> n.epoch
        ORDER BY a.at LIMIT $1::integer
        """;

    /// <summary>The parked list, newest first. $1 limit.</summary>
    public const string ParkedList = """
        SELECT id, kind, reason, connector, account, entry_id, at, COALESCE(length(raw), 0) FROM parked ORDER BY at DESC LIMIT $1::integer
        """;

    /// <summary>Counts of open rows.</summary>
    public const string Counts = """
        SELECT (SELECT count(*) FROM queue), (SELECT count(*) FROM attempt), (SELECT count(*) FROM outbox), (SELECT count(*) FROM parked_receipt),
            (SELECT count(*) FROM parked)
        """;
}
