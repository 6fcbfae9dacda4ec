using Npgsql;

namespace SmsGateway.Ledger;

// The keyed heads of a batch, one array per column.
internal readonly record struct ClaimKeyColumns(Guid[] Ids, Guid[] Contents, long[] Nonces, short[] Parts)
{
    public static ClaimKeyColumns Of(NewEntry[] heads, int keyed)
    {
        var columns = new ClaimKeyColumns(new Guid[keyed], new Guid[keyed], new long[keyed], new short[keyed]);
        var at = 0;
        foreach (var entry in heads)
        {
            if (entry.Keyed)
            {
                columns.Ids[at] = entry.Id;
                columns.Contents[at] = entry.ContentHash;
                columns.Nonces[at] = entry.Nonce;
                columns.Parts[at++] = entry.Parts;
            }
        }

        return columns;
    }
}

// The heads of a batch whose content is compared: each content once by which it is taken (of several in the batch the first by id, which is by age),
// and all of them to ask who holds it. A journal that is played may bring a content several times in one batch that are hours apart.
internal readonly record struct ClaimContentColumns(NewEntry[] Compared, NewEntry[] Takers)
{
    public static ClaimContentColumns Of(NewEntry[] heads)
    {
        if (!Array.Exists(heads, static e => e.ContentKey is not null))
        {
            return new([], []);
        }

        var compared = heads.Where(static e => e.ContentKey is not null).OrderBy(static e => e.ContentKey).ThenBy(static e => e.Id).ToArray();
        return new(compared, [.. compared.DistinctBy(static e => e.ContentKey)]);
    }

    public void Take(NpgsqlBatch batch) => batch.Add(LedgerSql.ClaimContents)
        .With(Array.ConvertAll(Takers, static e => e.ContentKey!.Value)).With(Array.ConvertAll(Takers, static e => e.Id))
        .With(Array.ConvertAll(Takers, static e => e.AcceptedAt.UtcDateTime)).With(Array.ConvertAll(Takers, static e => (e.AcceptedAt + e.ContentWindow).UtcDateTime))
        .With(Array.ConvertAll(Takers, static e => e.ContentHash)).With(Array.ConvertAll(Takers, static e => e.Nonce)).With(Array.ConvertAll(Takers, static e => e.Parts));

    public void AskWhoHolds(NpgsqlBatch batch) => batch.Add(LedgerSql.ContentDuplicates)
        .With(Array.ConvertAll(Compared, static e => e.ContentKey!.Value)).With(Array.ConvertAll(Compared, static e => e.Id))
        .With(Array.ConvertAll(Compared, static e => e.AcceptedAt.UtcDateTime)).With(Array.ConvertAll(Compared, static e => (e.AcceptedAt + e.ContentWindow).UtcDateTime));

    /// <summary>The other one of the batch by which this one's content was taken; null when it is that one, or is not compared.</summary>
    public NewEntry? TakerBefore(NewEntry entry) =>
        entry.ContentKey is { } content && Array.Find(Takers, t => t.ContentKey == content) is { } taker && taker.Id != entry.Id ? taker : null;
}

// The heads of a batch as the columns of LedgerSql.ClaimEntries, in its order.
internal sealed class ClaimColumns
{
    private readonly Guid[] _ids;
    private readonly bool[] _keyed;
    private readonly long[] _nonces;
    private readonly DateOnly[] _days;
    private readonly string?[] _accounts, _clientIds, _appIds, _conversations, _senders, _carriers, _routes, _currencies, _destinations, _connectors, _binds;
    private readonly short[] _protocols, _priorities, _registered, _codings, _esmClasses, _protocolIds, _parts;
    private readonly DateTime[] _accepted, _valid;
    private readonly decimal?[] _prices, _costs;
    private readonly byte[]?[] _payloads;
    private readonly int[] _moreFrom;
    private readonly List<byte[]> _more = [];

    public ClaimColumns(NewEntry[] heads, Guid[] ids)
    {
        var n = heads.Length;
        _ids = ids;
        (_keyed, _nonces, _days, _moreFrom, _payloads) = (new bool[n], new long[n], new DateOnly[n], new int[n], new byte[]?[n]);
        (_accounts, _clientIds, _appIds, _conversations, _senders, _carriers) = (Text(n), Text(n), Text(n), Text(n), Text(n), Text(n));
        (_routes, _currencies, _destinations, _connectors, _binds) = (Text(n), Text(n), Text(n), Text(n), Text(n));
        (_protocols, _priorities, _registered, _codings) = (new short[n], new short[n], new short[n], new short[n]);
        (_esmClasses, _protocolIds, _parts) = (new short[n], new short[n], new short[n]);
        (_accepted, _valid, _prices, _costs) = (new DateTime[n], new DateTime[n], new decimal?[n], new decimal?[n]);
        for (var i = 0; i < n; i++)
        {
            Set(i, heads[i]);
        }
    }

    public NpgsqlBatchCommand AddTo(NpgsqlBatchCommand command) => command
        .With(_ids).With(_keyed).With(_nonces).With(_days).With(_accounts).With(_protocols).With(_clientIds).With(_appIds).With(_conversations).With(_senders)
        .With(_carriers).With(_routes).With(_priorities).With(_registered).With(_codings).With(_esmClasses).With(_protocolIds).With(_parts)
        .With(_accepted).With(_valid).With(_prices).With(_costs).With(_currencies).With(_destinations).With(_payloads).With(_moreFrom)
        .With(_connectors).With(_binds).With([.. _more]);

    private static string?[] Text(int n) => new string?[n];

    private void Set(int i, NewEntry entry)
    {
        (_keyed[i], _nonces[i], _days[i]) = (entry.Keyed || entry.ContentKey is not null, entry.Nonce, entry.Day);
        (_accounts[i], _protocols[i], _clientIds[i]) = (entry.Account, (short)entry.Protocol, entry.ClientMessageId);
        (_appIds[i], _conversations[i], _senders[i]) = (entry.AppId, entry.ConversationId, entry.Sender);

        // A connector's name has no line break: the route travels as one text, because arrays of arrays must be rectangular.
        (_carriers[i], _routes[i]) = (entry.CarrierAsked, entry.Route.Count == 1 ? entry.Route[0] : string.Join('\n', entry.Route));
        (_priorities[i], _registered[i], _codings[i]) = ((short)entry.Priority, (short)entry.Registered, entry.DataCoding);
        (_esmClasses[i], _protocolIds[i], _parts[i]) = (entry.EsmClass, entry.ProtocolId, entry.Parts);
        (_accepted[i], _valid[i]) = (entry.AcceptedAt.UtcDateTime, entry.ValidUntil.UtcDateTime);
        (_prices[i], _costs[i], _currencies[i], _destinations[i]) = (entry.Price, entry.Cost, entry.Currency, entry.Destination);
        (_connectors[i], _binds[i]) = (entry.FirstAttempt?.Connector ?? entry.Route[0], entry.FirstAttempt?.Bind);
        if (entry.Payloads.Count == 1)
        {
            _payloads[i] = entry.Payloads[0];
        }
        else
        {
            _moreFrom[i] = _more.Count + 1;
            _more.AddRange(entry.Payloads);
        }
    }
}
