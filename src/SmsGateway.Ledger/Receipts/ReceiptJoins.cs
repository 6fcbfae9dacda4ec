using Npgsql;

namespace SmsGateway.Ledger;

// The later transactions of "write, commit, then look": parked receipts meet their attempts, and receipts of messages
// of several parts are derived. Whoever comes first does it; the others find nothing left.
internal sealed class ReceiptJoins(LedgerCore core)
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan SweepAge = TimeSpan.FromSeconds(1);

    /// <summary>Matches what is parked under these ids.</summary>
    /// <returns>How many left the park.</returns>
    public async Task<int> JoinAsync(IReadOnlyList<CarrierKey> keys)
    {
        var joined = 0;
        foreach (var some in keys.Distinct().Chunk(MostAtOnce))
        {
            var (deliveries, taken, messages) = await core.Hot.RunAsync(
                b => b.Add(LedgerSql.JoinParked).With(Array.ConvertAll(some, k => k.Connector)).With(Array.ConvertAll(some, k => k.CarrierMessageId))
                    .With(core.Time.GetUtcNow()).With(core.DueAfterGrace()).With(core.Node.Current),
                DeliveryRows.ReadCountedAsync);
            core.Feed.Announce(deliveries);
            joined += taken;
            await DeriveAsync(messages);
        }

        return joined;
    }

    /// <summary>Derives the receipts of these messages where their parts have come that far.</summary>
    /// <returns>Deliveries that came of it.</returns>
    public async Task<int> DeriveAsync(List<(Guid Id, DateOnly Day)> messages)
    {
        var derived = 0;

        // Sorted: parents are locked in one order by everybody.
        foreach (var some in messages.Distinct().Order().Chunk(MostAtOnce))
        {
            var ids = Array.ConvertAll(some, m => m.Id);
            var days = Array.ConvertAll(some, m => m.Day);
            var deliveries = await core.Hot.RunAsync(
                b =>
                {
                    b.Add(LedgerSql.LockParents).With(ids).With(days);
                    b.Add(LedgerSql.Derive).With(ids).With(days).With(core.Time.GetUtcNow()).With(core.DueAfterGrace()).With(core.Node.Current);
                },
                ReadDerivedAsync);
            core.Feed.Announce(deliveries);
            derived += deliveries.Count;
        }

        return derived;
    }

    /// <summary>Derives what got news at or before a moment.</summary>
    public async Task<int> DeriveOlderAsync(DateTimeOffset before)
    {
        var derived = 0;
        while (true)
        {
            var messages = await core.Hot.RunAsync(b => b.Add(LedgerSql.Underived).With(before).With(MostAtOnce), ReadMessagesAsync);
            derived += await DeriveAsync(messages);
            if (messages.Count < MostAtOnce)
            {
                return derived;
            }
        }
    }

    /// <summary>Joins and derives what is older than a second, and gives up on what waited too long.</summary>
    public async Task<ReceiptSweep> SweepAsync(CancellationToken cancellationToken)
    {
        var now = core.Time.GetUtcNow();
        var keys = await core.Hot.RunAsync(b => b.Add(LedgerSql.ParkedWithCandidate).With(now - SweepAge).With(MostAtOnce * 20), ReadKeysAsync);
        var joined = await JoinAsync(keys);
        var derived = await DeriveOlderAsync(now - SweepAge);
        var givenUp = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var some = await core.Hot.RunAsync(
                b => b.Add(LedgerSql.GiveUpParked).With(now - core.Options.ParkedReceiptsFor).With(now).With(MostAtOnce), CountAsync);
            givenUp += some;
            if (some < MostAtOnce)
            {
                break;
            }
        }

        return new ReceiptSweep(joined, derived, givenUp);
    }

    private static async Task<List<Delivery>> ReadDerivedAsync(NpgsqlDataReader reader)
    {
        var deliveries = new List<Delivery>();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            deliveries.Add(DeliveryRows.Read(reader));
        }

        return deliveries;
    }

    private static async Task<List<(Guid Id, DateOnly Day)>> ReadMessagesAsync(NpgsqlDataReader reader)
    {
        var messages = new List<(Guid, DateOnly)>();
        while (await reader.ReadAsync())
        {
            messages.Add((reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1)));
        }

        return messages;
    }

    private static async Task<List<CarrierKey>> ReadKeysAsync(NpgsqlDataReader reader)
    {
        var keys = new List<CarrierKey>();
        while (await reader.ReadAsync())
        {
            keys.Add(new CarrierKey(reader.GetString(0), reader.GetString(1)));
        }

        return keys;
    }

    private static async Task<int> CountAsync(NpgsqlDataReader reader)
    {
        var count = 0;
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count;
    }
}
