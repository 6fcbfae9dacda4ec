using Npgsql;

namespace SmsGateway.Ledger;

// Reads segments in the column order of LedgerSql.FetchQueue.
internal static class QueueRows
{
    public static QueuedSegment Read(NpgsqlDataReader row) => new()
    {
        Key = new SegmentKey(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt16(2)),
        Attempt = row.GetInt16(3),
        Connector = row.GetString(4),
        Priority = (Priority)row.GetInt16(5),
        Seq = row.GetInt64(6),
        DueAt = new DateTimeOffset(row.GetDateTime(7)),
        ValidUntil = new DateTimeOffset(row.GetDateTime(8)),
        Parts = row.GetInt16(9),
        Failures = row.GetInt16(10),
        Account = row.GetString(11),
        Route = row.GetFieldValue<string[]>(12),
        Sender = row.GetString(13),
        DataCoding = (byte)row.GetInt16(14),
        EsmClass = (byte)row.GetInt16(15),
        ProtocolId = (byte)row.GetInt16(16),
        Registered = (RegisteredReceipts)row.GetInt16(17),
        Destination = row.GetString(18),
        Payload = row.GetFieldValue<byte[]>(19),
        PinnedConnector = row.IsDBNull(20) ? null : row.GetString(20),
    };
}
