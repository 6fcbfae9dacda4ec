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

    /// <summary>
    /// Reads the present result: a delivery per row (none when the columns are null), and behind it, the same in each row, a count and the messages of
    /// several parts that got news.
    /// </summary>
    public static async Task<(List<Delivery> Deliveries, int Count, List<(Guid Id, DateOnly Day)> LongMessages)> ReadCountedAsync(NpgsqlDataReader reader)
    {
        var (deliveries, messages, count) = (new List<Delivery>(), new List<(Guid, DateOnly)>(), 0L);
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(0))
            {
                deliveries.Add(Read(reader));
            }

            count = reader.GetInt64(Columns);
            messages = LongMessages(reader, Columns + 1);
        }

        return (deliveries, (int)count, messages);
    }

    /// <summary>Messages of several parts that got news: their ids and days as two columns of arrays, null for none.</summary>
    public static List<(Guid Id, DateOnly Day)> LongMessages(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? [] : [.. row.GetFieldValue<Guid[]>(column).Zip(row.GetFieldValue<DateOnly[]>(column + 1))];

    // An infinite moment (a version before stored such dates of carriers) comes without a kind, and local to a zone it may be out of range.
    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
