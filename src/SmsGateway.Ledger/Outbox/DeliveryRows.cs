using Npgsql;

namespace SmsGateway.Ledger;

// Reads deliveries in the column order of LedgerSql.OutboxColumns.
internal static class DeliveryRows
{
    /// <summary>Columns of a delivery; what a statement adds comes after them.</summary>
    public const int Columns = 26;

    /// <summary>Reads one delivery from the current row.</summary>
    public static Delivery Read(NpgsqlDataReader row) => new()
    {
        CreatedAt = Time(row, 0),
        DueAt = Time(row, 1),
        AcceptedAt = Time(row, 2),
        DoneAt = row.IsDBNull(3) ? null : Time(row, 3),
        Id = row.GetGuid(5),
        MessageId = new MessageId(row.GetGuid(6)),
        Day = row.GetFieldValue<DateOnly>(7),
        Segment = row.IsDBNull(8) ? null : row.GetInt16(8),
        Kind = (DeliveryKind)row.GetInt16(10),
        Protocol = (Protocol)row.GetInt16(11),
        Offers = row.GetInt16(12),
        State = row.IsDBNull(13) ? null : (ReceiptState)row.GetInt16(13),
        ResultCode = row.GetInt16(14),
        EsmClass = (byte)row.GetInt16(15),
        DataCoding = (byte)row.GetInt16(16),
        Account = row.GetString(17),
        ClientMessageId = Text(row, 18),
        AppId = Text(row, 19),
        ConversationId = Text(row, 20),
        Connector = Text(row, 21),
        Source = row.GetString(22),
        Destination = row.GetString(23),
        Error = Text(row, 24),
        Body = row.IsDBNull(25) ? null : row.GetFieldValue<byte[]>(25),
    };

    /// <summary>Reads the present result: a delivery per row (none when the columns are null) and two counts behind it.</summary>
    public static async Task<(List<Delivery> Deliveries, int First, int Second)> ReadCountedAsync(NpgsqlDataReader reader)
    {
        var deliveries = new List<Delivery>();
        var (first, second) = (0L, 0L);
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(0))
            {
                deliveries.Add(Read(reader));
            }

            (first, second) = (reader.GetInt64(Columns), reader.GetInt64(Columns + 1));
        }

        return (deliveries, (int)first, (int)second);
    }

    // An infinite moment (a version before stored such dates of carriers) comes without a kind, and local to a zone it may be out of range.
    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
