using Npgsql;

namespace SmsGateway.Ledger;

// What the ledger said to one batch of outcomes.
internal sealed class OutcomeAnswer
{
    public static OutcomeAnswer None => new();

    /// <summary>Attempts ended now, or kept as evidence now.</summary>
    public HashSet<AttemptKey> Keys { get; } = [];

    /// <summary>Deliveries of final refusals.</summary>
    public List<Delivery> Deliveries { get; set; } = [];

    /// <summary>Messages of several parts among the final refusals.</summary>
    public List<(Guid Id, DateOnly Day)> LongMessages { get; set; } = [];

    /// <summary>Carrier ids for which a receipt waits.</summary>
    public List<CarrierKey> Waiting { get; } = [];
}

// A batch of outcomes as columns.
internal sealed class OutcomeColumns
{
    private readonly AttemptOutcome[] _all;
    private readonly Dictionary<(Guid Id, short Segment, short Number), AttemptKey> _keys = [];
    private readonly Guid[] _ids;
    private readonly DateOnly[] _days;
    private readonly short[] _segments, _numbers, _kinds, _requeueFailures;
    private readonly string?[] _connectors, _binds, _carrierIds, _requeueConnectors;
    private readonly DateTime[] _at, _ended;
    private readonly DateTime?[] _requeueAt;
    private readonly long[] _statuses;
    private readonly int _finals, _withCarrierId;

    public OutcomeColumns(AttemptOutcome[] all)
    {
        var n = all.Length;
        _all = all;
        (_ids, _days, _segments, _numbers, _kinds, _requeueFailures) = (new Guid[n], new DateOnly[n], new short[n], new short[n], new short[n], new short[n]);
        (_connectors, _binds, _carrierIds, _requeueConnectors) = (new string?[n], new string?[n], new string?[n], new string?[n]);
        (_at, _ended, _requeueAt, _statuses) = (new DateTime[n], new DateTime[n], new DateTime?[n], new long[n]);
        for (var i = 0; i < n; i++)
        {
            var outcome = all[i];
            var (segment, number) = outcome.Key;
            _keys[(segment.Id, segment.Segment, number)] = outcome.Key;
            (_ids[i], _days[i], _segments[i], _numbers[i]) = (segment.Id, segment.Day, segment.Segment, number);
            (_kinds[i], _connectors[i], _binds[i]) = ((short)outcome.Kind, outcome.Connector, outcome.Bind);
            (_at[i], _ended[i]) = (outcome.AttemptedAt.UtcDateTime, outcome.EndedAt.UtcDateTime);
            (_statuses[i], _carrierIds[i]) = (outcome.CommandStatus, outcome.CarrierMessageId);
            if (outcome.Requeue is { } requeue)
            {
                (_requeueAt[i], _requeueConnectors[i]) = (requeue.DueAt.UtcDateTime, requeue.Connector);
                _requeueFailures[i] = requeue.CountsAsFailure ? (short)1 : (short)0;
            }

            _finals += outcome.Final is null ? 0 : 1;
            _withCarrierId += outcome.CarrierMessageId is null ? 0 : 1;
        }
    }

    public void FillEnds(NpgsqlBatch batch, NodeEpoch epoch, DateTimeOffset now, DateTimeOffset due)
    {
        WithFacts(batch.Add(LedgerSql.EndAttempts)).With(_requeueAt).With(_requeueFailures).With(_requeueConnectors).With(epoch);
        if (_finals > 0)
        {
            AddFinals(batch, epoch, now, due);
        }

        AddLook(batch);
    }

    public void FillEvidence(NpgsqlBatch batch)
    {
        WithFacts(batch.Add(LedgerSql.KeepEvidence));
        AddLook(batch);
    }

    public async Task<OutcomeAnswer> ReadEndsAsync(NpgsqlDataReader reader)
    {
        var answer = new OutcomeAnswer();
        await ReadKeysAsync(reader, answer);
        if (_finals > 0)
        {
            await reader.NextResultAsync();
            (answer.Deliveries, _, answer.LongMessages) = await DeliveryRows.ReadCountedAsync(reader);
        }

        await ReadLookAsync(reader, answer);
        return answer;
    }

    public async Task<OutcomeAnswer> ReadEvidenceAsync(NpgsqlDataReader reader)
    {
        var answer = new OutcomeAnswer();
        await ReadKeysAsync(reader, answer);
        await ReadLookAsync(reader, answer);
        return answer;
    }

    private NpgsqlBatchCommand WithFacts(NpgsqlBatchCommand command) => command
        .With(_ids).With(_days).With(_segments).With(_numbers).With(_kinds).With(_connectors).With(_binds)
        .With(_at).With(_ended).With(_statuses).With(_carrierIds);

    private NpgsqlBatchCommand AddFinals(NpgsqlBatch batch, NodeEpoch epoch, DateTimeOffset now, DateTimeOffset due)
    {
        var finals = Array.FindAll(_all, o => o.Final is not null);
        return batch.Add(LedgerSql.RefusalReceipts)
            .With(Array.ConvertAll(finals, o => o.Key.Segment.Id)).With(Array.ConvertAll(finals, o => o.Key.Segment.Day))
            .With(Array.ConvertAll(finals, o => o.Key.Segment.Segment)).With(Array.ConvertAll(finals, o => o.Key.Number))
            .With(Array.ConvertAll(finals, o => o.EndedAt.UtcDateTime)).With(Array.ConvertAll(finals, o => (short)o.Final!.State))
            .With(Array.ConvertAll(finals, o => o.Final!.ResultCode)).With(Array.ConvertAll(finals, o => o.Final!.Error))
            .With(now).With(due).With(epoch);
    }

    // Behind an error barrier: a transaction of its own that begins after the COMMIT of the first, in the same round trip.
    private void AddLook(NpgsqlBatch batch)
    {
        var last = batch.Vouch();
        if (_withCarrierId > 0)
        {
            last.AppendErrorBarrier = true;
            batch.Add(LedgerSql.ParkedReceiptsFor).With(_connectors).With(_carrierIds);
        }
    }

    private async Task ReadKeysAsync(NpgsqlDataReader reader, OutcomeAnswer answer)
    {
        while (await reader.ReadAsync())
        {
            answer.Keys.Add(_keys[(reader.GetGuid(0), reader.GetInt16(1), reader.GetInt16(2))]);
        }
    }

    private async Task ReadLookAsync(NpgsqlDataReader reader, OutcomeAnswer answer)
    {
        if (_withCarrierId == 0)
        {
            return;
        }

        await reader.NextResultAsync(); // what vouches
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            answer.Waiting.Add(new CarrierKey(reader.GetString(0), reader.GetString(1)));
        }
    }
}
