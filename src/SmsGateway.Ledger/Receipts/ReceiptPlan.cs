using Npgsql;

namespace SmsGateway.Ledger;

// What the ledger said to one batch of receipts.
internal sealed class ReceiptAnswer(int heads)
{
    /// <summary>Per head; those the ledger told nothing of were parked.</summary>
    public ReceiptVerdict[] Verdicts { get; } = Enumerable.Repeat(ReceiptVerdict.Parked, heads).ToArray();

    public List<Delivery> Deliveries { get; } = [];

    public List<(Guid Id, DateOnly Day)> LongMessages { get; } = [];
}

// One batch of receipts as it goes to the ledger: the identical one within it goes in once.
internal sealed class ReceiptPlan
{
    private static readonly string Record =
#if DRILL
        Mutant.Of("parked-receipt-dropped", LedgerSql.RecordReceipts, "FROM input WHERE ord NOT IN (SELECT ord FROM matched)", "FROM input WHERE false");
#else
        LedgerSql.RecordReceipts;
#endif

    private readonly List<CarrierReceipt> _heads;
    private readonly int[] _headOf;
    private DateTimeOffset _due;

    public ReceiptPlan(CommitBatch<CarrierReceipt, ReceiptVerdict> batch)
    {
        _heads = new List<CarrierReceipt>(batch.Count);
        _headOf = new int[batch.Count];
        var seen = new Dictionary<(CarrierKey, Guid), int>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var receipt = batch[i];
            var identity = (new CarrierKey(receipt.Connector, receipt.CarrierMessageId), receipt.BodyHash);
            if (!seen.TryGetValue(identity, out var head))
            {
                head = _heads.Count;
                seen.Add(identity, head);
                _heads.Add(receipt);
            }

            _headOf[i] = head;
        }
    }

    public void Fill(NpgsqlBatch batch, NodeEpoch epoch, DateTimeOffset due)
    {
        _due = due;
        batch.Add(Record)
            .With(Of(r => r.Connector)).With(Of(r => r.CarrierMessageId)).With(Of(r => r.Source)).With(Of(r => r.Destination))
            .With(Of(r => (short)r.State)).With(Of(r => r.ResultCode)).With(Of(r => r.Error))
            .With(Of(r => r.DoneAt.UtcDateTime)).With(Of(r => r.At.UtcDateTime)).With(Of(r => (short)r.DataCoding)).With(Of(r => (short)r.EsmClass))
            .With(Of(r => r.Body)).With(Of(r => r.BodyHash)).With(due).With(epoch);
        batch.Vouch();
    }

    public async Task<ReceiptAnswer> ReadAsync(NpgsqlDataReader reader)
    {
        var answer = new ReceiptAnswer(_heads.Count);
        while (await reader.ReadAsync())
        {
            var head = (int)reader.GetInt64(0) - 1;
            var isNew = reader.GetBoolean(1);
            answer.Verdicts[head] = isNew ? ReceiptVerdict.Matched : ReceiptVerdict.Duplicate;
            if (isNew && reader.GetBoolean(2))
            {
                answer.Deliveries.Add(ToDelivery(_heads[head], reader));
            }

            if (isNew && reader.GetInt16(15) > 1)
            {
                answer.LongMessages.Add((reader.GetGuid(4), reader.GetFieldValue<DateOnly>(5)));
            }
        }

        return answer;
    }

    public void Settle(CommitBatch<CarrierReceipt, ReceiptVerdict> batch, ReceiptAnswer answer)
    {
        var told = new bool[_heads.Count];
        for (var i = 0; i < _headOf.Length; i++)
        {
            var head = _headOf[i];
            batch.Answer(i, told[head] ? ReceiptVerdict.Duplicate : answer.Verdicts[head]);
            told[head] = true;
        }
    }

    /// <summary>What was parked now: to be looked at again in a later transaction.</summary>
    public List<CarrierKey> Parked(ReceiptAnswer answer)
    {
        var parked = new List<CarrierKey>();
        for (var i = 0; i < _heads.Count; i++)
        {
            if (answer.Verdicts[i] == ReceiptVerdict.Parked)
            {
                parked.Add(new CarrierKey(_heads[i].Connector, _heads[i].CarrierMessageId));
            }
        }

        return parked;
    }

    // The row the same statement put into the outbox, without reading it back.
    private Delivery ToDelivery(CarrierReceipt receipt, NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(3),
        MessageId = new MessageId(row.GetGuid(4)),
        Day = row.GetFieldValue<DateOnly>(5),
        Segment = row.GetInt16(6),
        Source = row.GetString(7),
        Account = row.GetString(8),
        Protocol = (Protocol)row.GetInt16(9),
        ClientMessageId = row.IsDBNull(10) ? null : row.GetString(10),
        AppId = row.IsDBNull(11) ? null : row.GetString(11),
        ConversationId = row.IsDBNull(12) ? null : row.GetString(12),
        Destination = row.GetString(13),
        AcceptedAt = new DateTimeOffset(row.GetDateTime(14)),
        Kind = DeliveryKind.Receipt,
        CreatedAt = receipt.At,
        DueAt = _due,
        Connector = receipt.Connector,
        State = receipt.State,
        ResultCode = receipt.ResultCode,
        Error = receipt.Error,
        DoneAt = receipt.DoneAt,
        EsmClass = receipt.EsmClass,
        DataCoding = receipt.DataCoding,
        Body = receipt.Body,
    };

    private T[] Of<T>(Func<CarrierReceipt, T> column)
    {
        var values = new T[_heads.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(_heads[i]);
        }

        return values;
    }
}
