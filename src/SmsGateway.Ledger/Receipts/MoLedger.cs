using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>Stores mobile-originated messages; only then may they be acknowledged to the carrier.</summary>
public sealed class MoLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly GroupCommit<Incoming, MoVerdict> _group;

    internal MoLedger(LedgerCore core)
    {
        _core = core;
        _group = core.Group<Incoming, MoVerdict>("mos", CommitAsync);
    }

    /// <summary>Stores one MO; completes after COMMIT.</summary>
    /// <exception cref="LedgerUnavailableException">Not stored, or unknown; do not acknowledge.</exception>
    public ValueTask<MoVerdict> RecordAsync(NewMo mo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mo);
        return _group.CommitAsync(ToIncoming(mo), cancellationToken);
    }

    /// <summary>As <see cref="RecordAsync"/>, with a callback instead of an await per MO.</summary>
    public ValueTask EnqueueAsync(NewMo mo, Committed<NewMo, MoVerdict> committed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mo);
        return _group.EnqueueAsync(ToIncoming(mo), (incoming, verdict, failure) => committed(incoming.Mo, verdict, failure), cancellationToken);
    }

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private Incoming ToIncoming(NewMo mo) => mo.CarrierKey is { } carrierKey
        ? new Incoming(mo, _core.Node.Keys.ForMo(mo.Connector, carrierKey, mo.BodyHash), Random.Shared.NextInt64())
        {
            CarrierId = _core.Node.Keys.ForMo(mo.Connector, carrierKey),
        }
        : new Incoming(mo, mo.Id ?? MessageKeys.NewUnkeyed(_core.Time), null)
        {
            Fingerprint = mo.Account is null ? Guid.Empty : _core.Node.Keys.ForMoContent(mo),
        };

    private async Task CommitAsync(CommitBatch<Incoming, MoVerdict> batch)
    {
        var sorted = new List<(Guid Id, int Index)>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            sorted.Add((batch[i].Id, i));
        }

        sorted.Sort();
        var heads = new List<(Incoming Item, int Index)>(batch.Count);
        foreach (var (id, index) in sorted)
        {
            if (heads.Count == 0 || heads[^1].Item.Id != id)
            {
                heads.Add((batch[index], index));
            }
            else
            {
                batch.Answer(index, MoVerdict.Duplicate);
            }
        }

        var due = _core.DueAfterGrace();
        var won = await _core.Hot.RunAsync(b => Fill(b, heads.ConvertAll(h => h.Item), due), ReadAsync);
        var deliveries = new List<Delivery>();
        foreach (var (item, index) in heads)
        {
            var isWon = won.TryGetValue(item.Id, out var stored);
            batch.Answer(index, !isWon ? MoVerdict.Duplicate
                : item.Mo.Account is null ? MoVerdict.Unroutable
                : stored.Suspected ? MoVerdict.Suspected : MoVerdict.Stored);
            if (stored is { Fresh: true, Suspected: false })
            {
                deliveries.Add(ToDelivery(item, due));
            }
        }

        _core.Feed.Announce(deliveries);
    }

    private void Fill(NpgsqlBatch batch, List<Incoming> all, DateTimeOffset due)
    {
        var keyed = all.FindAll(i => i.Nonce is not null);
        if (keyed.Count > 0)
        {
            // Not fenced: an MO is a fact. The lock only keeps the generation. The carrier's id alone is claimed too, by whoever has it first: nodes of the
            // version before know nothing else.
            var keys = keyed.SelectMany(i => new[] { (Key: i.Id, i.Mo.BodyHash, i.Nonce), (Key: i.CarrierId, i.Mo.BodyHash, i.Nonce) })
                .OrderBy(k => k.Key).ToList();
            batch.Add(LedgerSql.ShareGeneration);
            batch.Add(LedgerSql.ClaimKeys).With(Of(keys, k => k.Key)).With(Of(keys, k => k.BodyHash)).With(Of(keys, k => k.Nonce!.Value)).With(Of(keys, _ => (short)1));
        }

        // One of each content: others of the same batch find it there.
        var now = _core.Time.GetUtcNow();
        var firsts = all.FindAll(i => i.Fingerprint != Guid.Empty).OrderBy(i => i.Fingerprint).ThenBy(i => i.Mo.At).DistinctBy(i => i.Fingerprint).ToList();
        if (firsts.Count > 0)
        {
            batch.Add(LedgerSql.ClaimMoFirsts).With(Of(firsts, i => i.Fingerprint)).With(Of(firsts, i => i.Id)).With(Of(firsts, i => i.Mo.At.UtcDateTime))
                .With(now).With(_core.Node.Current);
        }

        batch.Add(LedgerSql.StoreMos)
            .With(Of(all, i => i.Id)).With(Of(all, i => i.Day)).With(Of(all, i => i.Nonce)).With(Of(all, i => i.Mo.Connector)).With(Of(all, i => i.Mo.Account))
            .With(Of(all, i => (short)i.Mo.Protocol)).With(Of(all, i => i.Mo.CarrierKey)).With(Of(all, i => i.Mo.BodyHash)).With(Of(all, i => i.Mo.Source))
            .With(Of(all, i => i.Mo.Destination)).With(Of(all, i => (short)i.Mo.EsmClass)).With(Of(all, i => (short)i.Mo.DataCoding))
            .With(Of(all, i => i.Mo.Body)).With(Of(all, i => i.Mo.At.UtcDateTime)).With(Of(all, i => i.Fingerprint)).With(due).With(now).With(_core.Node.Current)
            .With(Of(all, i => i.CarrierId));
        batch.Vouch();
    }

    // Rows of (id, stored now, suspected) have three columns; the rows of the lock and the message have one and are passed over.
    private static async Task<Dictionary<Guid, (bool Fresh, bool Suspected)>> ReadAsync(NpgsqlDataReader reader)
    {
        var won = new Dictionary<Guid, (bool Fresh, bool Suspected)>();
        do
        {
            while (reader.FieldCount == 3 && await reader.ReadAsync())
            {
                won[reader.GetGuid(0)] = (reader.GetBoolean(1), reader.GetBoolean(2));
            }
        }
        while (await reader.NextResultAsync());
        return won;
    }

    private static Delivery ToDelivery(Incoming item, DateTimeOffset due) => new()
    {
        Id = item.Id,
        Account = item.Mo.Account!,
        Kind = DeliveryKind.Mo,
        Protocol = item.Mo.Protocol,
        CreatedAt = item.Mo.At,
        DueAt = due,
        MessageId = new MessageId(item.Id),
        Day = item.Day,
        Connector = item.Mo.Connector,
        Source = item.Mo.Source,
        Destination = item.Mo.Destination,
        AcceptedAt = item.Mo.At,
        EsmClass = item.Mo.EsmClass,
        DataCoding = item.Mo.DataCoding,
        Body = item.Mo.Body,
    };

    private static T[] Of<TItem, T>(List<TItem> all, Func<TItem, T> column)
    {
        var values = new T[all.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(all[i]);
        }

        return values;
    }

    // Id and nonce are fixed when it comes in, so that a retry stores the same.
    private sealed record Incoming(NewMo Mo, Guid Id, long? Nonce)
    {
        /// <summary>The carrier's id alone, as the version before claims it; empty = it names none.</summary>
        public Guid CarrierId { get; init; }

        /// <summary>Empty = never compared: the carrier names an id, or nobody owns the number.</summary>
        public Guid Fingerprint { get; init; }

        public DateOnly Day { get; } = DateOnly.FromDateTime(Mo.At.UtcDateTime);
    }
}
