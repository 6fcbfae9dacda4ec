using Npgsql;

namespace SmsGateway.Ledger;

// One batch of claims as it goes to the ledger: sorted by key, each key once (the first submission of a key in the
// batch goes in; the others are told what became of it).
internal sealed class ClaimPlan
{
    private readonly NewEntry[] _heads;
    private readonly Guid[] _ids;
    private readonly int[] _headOf;
    private readonly int[] _indexOf;
    private readonly int _keyed;
    private readonly ClaimContentColumns _contents;
    private readonly bool _isRetry;

    public ClaimPlan(CommitBatch<NewEntry, ClaimVerdict> batch)
    {
        _isRetry = batch.EarlierTries > 0;
        var order = new (Guid Id, int Index)[batch.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (batch[i].Id, i);
        }

        // By id, then by arrival: Guid compares as PostgreSQL's uuid does.
        Array.Sort(order);
        _headOf = new int[order.Length];
        _indexOf = new int[order.Length];
        var heads = new List<NewEntry>(order.Length);
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || order[i].Id != order[i - 1].Id)
            {
                var entry = batch[order[i].Index];
                heads.Add(entry);
                _keyed += entry.Keyed ? 1 : 0;
            }

            _indexOf[i] = order[i].Index;
            _headOf[i] = heads.Count - 1;
        }

        _heads = [.. heads];
        _contents = ClaimContentColumns.Of(_heads);
        _ids = new Guid[_heads.Length];
        for (var i = 0; i < _ids.Length; i++)
        {
            _ids[i] = _heads[i].Id;
        }
    }

    public void Fill(NpgsqlBatch batch, NodeEpoch epoch)
    {
        batch.Enter(epoch);
        var keys = ClaimKeyColumns.Of(_heads, _keyed);
        if (_keyed > 0)
        {
            batch.Add(LedgerSql.ClaimKeys).With(keys.Ids).With(keys.Contents).With(keys.Nonces).With(keys.Parts);
        }

        if (_contents.Takers.Length > 0)
        {
            _contents.Take(batch);
        }

        new ClaimColumns(_heads, _ids).AddTo(batch.Add(LedgerSql.ClaimEntries)).With(epoch);
        if (_keyed > 0)
        {
            batch.Add(LedgerSql.ClaimDuplicates).With(keys.Ids).With(keys.Nonces);
        }

        if (_contents.Compared.Length > 0)
        {
            _contents.AskWhoHolds(batch);
        }

        if (_isRetry)
        {
            batch.Add(LedgerSql.ClaimStanding).With(_ids).With(Array.ConvertAll(_heads, e => e.Day)).With(epoch);
        }
    }

    public async Task<ClaimAnswer> ReadAsync(NpgsqlDataReader reader)
    {
        var answer = new ClaimAnswer(_heads.Length);
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var head = Array.BinarySearch(_ids, reader.GetGuid(0));
            answer.Won[head] = true;
            answer.MayEmit[head] = reader.GetBoolean(1);
        }

        if (_keyed > 0)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                answer.Held[reader.GetGuid(0)] = (reader.GetGuid(1), reader.GetInt16(2));
            }
        }

        if (_contents.Compared.Length > 0)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                answer.Repeats[reader.GetGuid(0)] = (reader.GetGuid(1), reader.GetInt16(2));
            }
        }

        if (_isRetry)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                answer.MayEmit[Array.BinarySearch(_ids, reader.GetGuid(0))] = true;
            }
        }

        return answer;
    }

    /// <summary>
    /// A verdict per submission. One whose content another of the batch came to take, and that is outside the holder's window, is decided in a batch after
    /// this. One whose key is neither won nor held gets none: the group commit fails it as a defect.
    /// </summary>
    public void Settle(CommitBatch<NewEntry, ClaimVerdict> batch, ClaimAnswer answer)
    {
        for (var i = 0; i < _indexOf.Length; i++)
        {
            var head = _headOf[i];
            var isHead = i == 0 || _headOf[i - 1] != head;
            var entry = batch[_indexOf[i]];
            if (answer.Won[head])
            {
                batch.Answer(_indexOf[i], isHead
                    ? new ClaimVerdict(VerdictKind.Claimed, entry.Id, entry.Parts, answer.MayEmit[head])
                    : Repeated(entry, _heads[head].ContentHash, _heads[head].Parts));
            }
            else if (answer.Repeats.TryGetValue(entry.Id, out var first))
            {
                batch.Answer(_indexOf[i], new ClaimVerdict(VerdictKind.Duplicate, first.Id, first.Parts, mayEmit: false));
            }
            else if (answer.Held.TryGetValue(entry.Id, out var held))
            {
                batch.Answer(_indexOf[i], Repeated(entry, held.Content, held.Parts));
            }
            else if (_contents.TakerBefore(entry) is { } taker)
            {
                // A taker that came before the holder is sent, and not remembered.
                if (answer.Won[Array.BinarySearch(_ids, taker.Id)] && entry.AcceptedAt < taker.AcceptedAt + taker.ContentWindow
                    && taker.AcceptedAt < entry.AcceptedAt + entry.ContentWindow)
                {
                    batch.Answer(_indexOf[i], new ClaimVerdict(VerdictKind.Duplicate, taker.Id, taker.Parts, mayEmit: false));
                }
                else
                {
                    batch.Again(_indexOf[i]);
                }
            }
        }
    }

    private static ClaimVerdict Repeated(NewEntry entry, Guid content, short parts) =>
        new(entry.ContentHash == content ? VerdictKind.Duplicate : VerdictKind.Conflict, entry.Id, parts, mayEmit: false);
}
