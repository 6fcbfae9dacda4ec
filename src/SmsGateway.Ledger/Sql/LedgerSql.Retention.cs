namespace SmsGateway.Ledger;

// What outlives its retention.
internal static partial class LedgerSql
{
    /// <summary>Ends deliveries owed for too long and lists them as parked. $1 node, $2 before, $3 limit, $4 reason, $5 now, $6 day.</summary>
    public const string ParkOlderDeliveries = """
        WITH late AS (
            SELECT ctid AS place FROM outbox WHERE owner + 0 = $1::smallint AND created_at <= $2::timestamptz LIMIT $3::integer FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM outbox o USING late l WHERE o.ctid = l.place RETURNING o.*
        ), listed AS (
            INSERT INTO parked (at, id, entry_id, entry_day, segment, kind, reason, connector, account, raw, delivery)
            SELECT $5::timestamptz, delivery_id, entry_id, entry_day, segment, 'delivery', $4::text, connector, account, body, to_jsonb(gone) - 'body' FROM gone
        )
        INSERT INTO delivery_end (created_at, at, delivery_id, entry_id, day, kind, state, offers, how, account)
        SELECT created_at, $5::timestamptz, delivery_id, entry_id, $6::date, kind, state, offers, 2, account FROM gone
        RETURNING delivery_id
        """;
}
