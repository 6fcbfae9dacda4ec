using Npgsql;

namespace SmsGateway.Ledger;

// A segment's queue row as the trace shows it.
internal sealed record QueuedInfo(short Segment, short Attempt, string Connector, DateTimeOffset DueAt);

// Reads the rows of LedgerSql.Queries in their column order.
internal static class TraceRows
{
    public static EntryInfo Entry(MessageId id, NpgsqlDataReader row) => new(
        id, row.GetFieldValue<DateOnly>(0), row.GetString(1), (Protocol)row.GetInt16(2), Text(row, 3), Text(row, 4), Text(row, 5), row.GetString(6), Text(row, 7),
        Text(row, 8), row.GetFieldValue<string[]>(9), (Priority)row.GetInt16(10), (RegisteredReceipts)row.GetInt16(11), (byte)row.GetInt16(12), row.GetInt16(13),
        Time(row, 14), Time(row, 15), Number(row, 16), Number(row, 17), Text(row, 18), row.GetInt16(19), row.GetInt64(20));

    public static QueuedInfo Queued(NpgsqlDataReader row) => new(row.GetInt16(0), row.GetInt16(1), row.GetString(2), Time(row, 3));

    public static AttemptInfo Attempt(NpgsqlDataReader row) => new(
        row.GetInt16(0), row.GetInt16(1), row.GetString(2), row.GetString(3), row.GetInt16(4), row.GetInt64(5), Time(row, 6), MaybeTime(row, 7),
        row.IsDBNull(8) ? null : (AttemptEndKind)row.GetInt16(8), (uint)row.GetInt64(9), Text(row, 10), row.GetBoolean(11));

    public static ReceiptInfo Receipt(NpgsqlDataReader row) => new(
        row.GetInt16(0), row.GetInt16(1), (ReceiptState)row.GetInt16(2), row.GetInt16(3), Text(row, 4), Time(row, 5), Time(row, 6), row.GetInt16(7) == 2);

    public static DeliveryInfo Delivery(NpgsqlDataReader row) => new(
        row.GetGuid(0), (DeliveryKind)row.GetInt16(1), row.IsDBNull(2) ? null : (ReceiptState)row.GetInt16(2), row.GetInt16(3), Time(row, 4), MaybeTime(row, 5),
        MaybeTime(row, 6), row.IsDBNull(7) ? null : (DeliveryEndKind)row.GetInt16(7), Text(row, 8));

    public static OpenAttempt OpenAttempt(NpgsqlDataReader row) => new(
        new AttemptKey(new SegmentKey(row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt16(2)), row.GetInt16(3)), row.GetString(4), row.GetString(5),
        row.GetString(6), row.GetString(7), row.GetInt64(8), row.GetBoolean(9), row.GetBoolean(13), Time(row, 10), Time(row, 11), Text(row, 12))
    {
        Priority = (Priority)row.GetInt16(14),
        GoneFor = row.IsDBNull(15) ? null : TimeSpan.FromSeconds(row.GetDouble(15)),
        Owner = row.GetInt16(16),
        Held = row.GetInt64(17),
    };

    public static ParkedItem Parked(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), Text(row, 3), Text(row, 4), row.IsDBNull(5) ? null : new MessageId(row.GetGuid(5)), Time(row, 6),
        row.GetInt32(7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static decimal? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);

    // An infinite moment comes without a kind; see DeliveryRows.
    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static DateTimeOffset? MaybeTime(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);
}
