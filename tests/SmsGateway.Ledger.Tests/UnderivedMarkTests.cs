using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// The mark by which a message of several parts is looked at again: it outlives every look that did not see the fact it came with.
public sealed class UnderivedMarkTests : IAsyncLifetime
{
    private LedgerUnderTest _ledger = null!;

    public async Task InitializeAsync() => _ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task A_mark_that_is_set_again_while_a_look_goes_on_is_not_cleared_by_that_look()
    {
        var entry = await LongAsync();
        var now = _ledger.Core.Time.GetUtcNow();

        // The first part's receipt is committed, its look comes. The second part's expires meanwhile, at the same moment by its node's clock, and its COMMIT waits.
        await MarkAsync(entry, now);
        await using var connection = await _ledger.Connections.Cold.OpenConnectionAsync();
        await using var second = await connection.BeginTransactionAsync();
        await using (var batch = connection.CreateBatch())
        {
            batch.Transaction = second;
            batch.Add(LedgerSql.ExpireQueue).With(_ledger.Node.Current).With(now).With(now).With(10).With((short)99);
            await batch.ExecuteNonQueryAsync();
        }

        var look = _ledger.Joins.DeriveAsync([(entry.Id, entry.Day)]);
        await Eventually.TrueAsync(
            async () => look.IsCompleted || await _ledger.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'transactionid' AND datname = current_database())"),
            "the look waits for the mark");
        await second.CommitAsync();
        Assert.Equal(0, await look);

        Assert.Equal(1, await _ledger.ScalarAsync<long>("SELECT count(*) FROM underived"));
        Assert.Equal(1, await _ledger.Joins.DeriveOlderAsync(now));
        Assert.Equal(ReceiptState.Expired, Assert.Single(Derived(entry)).State);
        Assert.Equal(0, await _ledger.ScalarAsync<long>("SELECT count(*) FROM underived"));
    }

    [Fact]
    public async Task A_mark_that_is_set_again_is_cleared_by_a_look_that_sees_what_it_came_with()
    {
        var entry = await LongAsync();
        await MarkAsync(entry, _ledger.Core.Time.GetUtcNow());
        Assert.Equal(1, await _ledger.Queue.ExpireAsync(10, CancellationToken.None));
        Assert.Single(Derived(entry));
        Assert.Equal(0, await _ledger.ScalarAsync<long>("SELECT count(*) FROM underived"));
    }

    // As a node of the version before does, whose looks clear marks that they have not seen.
    [Theory]
    [InlineData("expired")]
    [InlineData("given up")]
    [InlineData("joined")]
    public async Task Who_wrote_a_fact_looks_at_its_message_also_when_its_mark_is_gone(string how)
    {
        var entry = await LongAsync();
        await _ledger.ExecuteAsync("""
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM underived; RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER lose AFTER INSERT OR UPDATE ON underived DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lose();
            """);
        if (how == "expired")
        {
            Assert.Equal(1, await _ledger.Queue.ExpireAsync(10, CancellationToken.None));
        }
        else
        {
            var part = Assert.Single(await _ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None));
            Assert.Single(await _ledger.Attempts.AttemptAsync([Make.Attempt(part)]));
            if (how == "given up")
            {
                var doubts = await _ledger.Doubts.ToDecideAsync(new DoubtQuery(_ledger.Node.FirstEpoch, [], [], 10), CancellationToken.None);
                await _ledger.Doubts.DecideAsync(doubts, new DoubtOrder(DoubtDecision.GiveUp, "validity"), CancellationToken.None);
            }
            else
            {
                Assert.Equal(ReceiptVerdict.Parked, await _ledger.Receipts.RecordAsync(Make.Receipt("early", ReceiptState.Expired), CancellationToken.None));
                await _ledger.Outcomes.RecordAsync(Make.Outcome(new AttemptKey(part.Key, 1), carrierId: "early"), CancellationToken.None);
            }
        }

        await Eventually.TrueAsync(() => Derived(entry).Count == 1, "the derived receipt");
        Assert.Equal(how == "given up" ? ReceiptState.Unknown : ReceiptState.Expired, Derived(entry)[0].State);
    }

    // Two parts: the first delivered, with its receipt; the second in the queue, its validity over.
    private async Task<NewEntry> LongAsync()
    {
        var entry = Make.Entry(_ledger, Make.Id(), parts: 2, at: _ledger.Core.Time.GetUtcNow().AddMinutes(-2), validity: TimeSpan.FromMinutes(1));
        await _ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        var first = (await _ledger.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None)).Single(s => s.Key.Segment == 1);
        Assert.Single(await _ledger.Attempts.AttemptAsync([Make.Attempt(first)]));
        var id = Make.Id("part");
        await _ledger.Outcomes.RecordAsync(Make.Outcome(new AttemptKey(first.Key, 1), carrierId: id), CancellationToken.None);
        await _ledger.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None);
        await Eventually.TrueAsync(() => _ledger.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM underived)"), "the first part's look");
        return entry;
    }

    private Task MarkAsync(NewEntry entry, DateTimeOffset at) =>
        _ledger.ExecuteAsync($"INSERT INTO underived (at, id, day) VALUES ('{at:O}', '{entry.Id}', '{entry.Day:yyyy-MM-dd}')");

    private List<Delivery> Derived(NewEntry entry)
    {
        lock (_ledger.Announced)
        {
            return _ledger.Announced.FindAll(d => d.MessageId.Value == entry.Id && d.Segment == 0);
        }
    }
}
