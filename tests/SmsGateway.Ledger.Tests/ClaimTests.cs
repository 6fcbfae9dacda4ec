using System.Collections.Concurrent;

namespace SmsGateway.Ledger.Tests;

public sealed class ClaimTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private readonly LedgerUnderTest _ledger = fixture.Ledger;

    [Fact]
    public async Task A_thousand_ids_each_four_times_at_once_give_one_entry_and_three_duplicates_each()
    {
        var verdicts = await ClaimAllAsync(_ledger, Enumerable.Range(0, 1000).SelectMany(i => Enumerable.Repeat((Id: "same" + i, Text: "hello"), 4)));
        foreach (var group in verdicts.GroupBy(v => v.MessageId))
        {
            Assert.Equal(4, group.Count());
            Assert.Single(group, v => v is { Kind: VerdictKind.Claimed, MayEmit: true });
            Assert.Equal(3, group.Count(v => v is { Kind: VerdictKind.Duplicate, MayEmit: false, Parts: 1 }));
        }

        Assert.Equal(1000, verdicts.Select(v => v.MessageId).Distinct().Count());
        Assert.Equal(1000, await _ledger.ScalarAsync<long>("SELECT count(*) FROM entry WHERE client_message_id LIKE 'same%'"));
        Assert.Equal(1000, await _ledger.ScalarAsync<long>("SELECT count(*) FROM queue q JOIN entry e USING (id) WHERE client_message_id LIKE 'same%'"));
    }

    [Fact]
    public async Task Four_different_contents_of_one_id_give_one_claim_and_three_conflicts()
    {
        var verdicts = await ClaimAllAsync(
            _ledger, Enumerable.Range(0, 1000).SelectMany(i => Enumerable.Range(0, 4).Select(n => (Id: "other" + i, Text: "hello " + n))));
        foreach (var group in verdicts.GroupBy(v => v.MessageId))
        {
            Assert.Single(group, v => v.Kind == VerdictKind.Claimed);
            Assert.Equal(3, group.Count(v => v.Kind == VerdictKind.Conflict));
        }
    }

    [Fact]
    public async Task Within_one_batch_the_first_goes_in_and_the_others_are_compared_with_it()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "single", configure: o => (o.Lanes, o.SpillAt) = (1, 1));
        var id = Make.Id("fold");
        var first = Make.Entry(ledger, id);
        var same = Make.Entry(ledger, id);
        var other = Make.Entry(ledger, id, text: "something else");

        // The opener's commit is in flight while the three arrive, so they are one batch.
        var opener = ledger.Claims.ClaimAsync(Make.Entry(ledger, Make.Id()), CancellationToken.None).AsTask();
        Task<ClaimVerdict>[] three = [.. new[] { first, same, other }.Select(e => ledger.Claims.ClaimAsync(e, CancellationToken.None).AsTask())];
        await opener;
        var verdicts = await Task.WhenAll(three);
        Assert.Equal([VerdictKind.Claimed, VerdictKind.Duplicate, VerdictKind.Conflict], verdicts.Select(v => v.Kind));
    }

    [Fact]
    public async Task A_duplicate_gets_the_parts_of_the_first_answer()
    {
        var id = Make.Id();
        Assert.Equal(3, (await ClaimAsync(Make.Entry(_ledger, id, parts: 3))).Parts);
        var again = await ClaimAsync(Make.Entry(_ledger, id, parts: 1));
        Assert.Equal((VerdictKind.Duplicate, (short)3), (again.Kind, again.Parts));
    }

    [Fact]
    public async Task Messages_without_a_key_are_all_new()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ClaimAsync(Make.Entry(_ledger))));
        Assert.All(verdicts, v => Assert.Equal((VerdictKind.Claimed, true), (v.Kind, v.MayEmit)));
        Assert.Equal(100, verdicts.Select(v => v.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task The_fast_path_writes_the_attempt_and_no_queue_row()
    {
        var entry = Make.Entry(_ledger, Make.Id(), first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1"));
        Assert.True((await ClaimAsync(entry)).MayEmit);
        Assert.Equal(1, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM attempt WHERE id = '{entry.Id}' AND number = 1 AND bind = 'carrier-a@smsc1.dc3#1'"));
        Assert.Equal(0, await _ledger.ScalarAsync<long>($"SELECT count(*) FROM queue WHERE id = '{entry.Id}'"));
        Assert.False((await ClaimAsync(entry with { Nonce = 1 })).MayEmit);
    }

    [Fact]
    public async Task A_claimed_message_reads_back_as_it_was_written()
    {
        var entry = Make.Entry(_ledger, Make.Id(), account: "readback", parts: 3, route: ["readback-a", "readback-b"], priority: Priority.Interactive);
        await ClaimAsync(entry);
        var fetched = await _ledger.Queue.FetchAsync("readback-a", Priority.Interactive, 10, 0, CancellationToken.None);
        Assert.Equal(3, fetched.Count);
        for (short segment = 1; segment <= 3; segment++)
        {
            var expected = entry.ToQueued(segment);
            var actual = fetched[segment - 1];
            Assert.Equal(expected.Payload, actual.Payload);
            Assert.Equal(expected.Route, actual.Route);
            Assert.True(actual.Seq > 0);
            Assert.Equal(
                expected with { Payload = [], Route = [], DueAt = default, ValidUntil = default },
                actual with { Payload = [], Route = [], Seq = 0, DueAt = default, ValidUntil = default });
            Assert.Equal(expected.ValidUntil, actual.ValidUntil, TimeSpan.FromMicroseconds(1));
        }
    }

    [Fact]
    public async Task A_poisoned_message_fails_alone()
    {
        var poison = Make.Entry(_ledger, Make.Id()) with { Account = "zero\0octet" };
        var surrogate = Make.Entry(_ledger, Make.Id()) with { Account = "half \ud83d" };
        var entries = Enumerable.Range(0, 200).Select(i => i switch { 70 => poison, 150 => surrogate, _ => Make.Entry(_ledger, Make.Id()) }).ToList();
        var claims = entries.Select(e => _ledger.Claims.ClaimAsync(e, CancellationToken.None).AsTask()).ToList();
        for (var i = 0; i < claims.Count; i++)
        {
            if (i is 70 or 150)
            {
                await Assert.ThrowsAsync<LedgerDefectException>(() => claims[i]);
            }
            else
            {
                Assert.Equal(VerdictKind.Claimed, (await claims[i]).Kind);
            }
        }
    }

    // The second use of a statement on a connection prepares it. Npgsql takes one that was refused in that very use for
    // one without rows: the next use, somebody else's, failed with "unexpected backend message DataRow".
    [Fact]
    public async Task A_poisoned_message_leaves_a_connection_that_serves_the_next()
    {
        await using var fresh = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "smsc2.dc3");
        for (var i = 0; i < 4; i++)
        {
            await fresh.Claims.ClaimAsync(Make.Entry(fresh, Make.Id()), CancellationToken.None);
            var poison = Make.Entry(fresh, Make.Id()) with { Account = "zero\0octet" };
            await Assert.ThrowsAsync<LedgerDefectException>(() => fresh.Claims.ClaimAsync(poison, CancellationToken.None).AsTask());
            Assert.Equal(VerdictKind.Claimed, (await fresh.Claims.ClaimAsync(Make.Entry(fresh, Make.Id()), CancellationToken.None)).Kind);
        }
    }

    [Fact]
    public async Task Every_node_is_told_the_same_about_one_key()
    {
        await using var other = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "smsc2.bos");
        var verdicts = new ConcurrentBag<ClaimVerdict>();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            var ledger = i % 2 == 0 ? _ledger : other;
            verdicts.Add(await ledger.Claims.ClaimAsync(Make.Entry(ledger, "both" + (i / 2)), CancellationToken.None));
        }));
        Assert.All(verdicts.GroupBy(v => v.MessageId), g => Assert.Single(g, v => v.Kind == VerdictKind.Claimed));
        Assert.Equal(200, verdicts.Select(v => v.MessageId).Distinct().Count());
    }

    internal static async Task<IReadOnlyCollection<ClaimVerdict>> ClaimAllAsync(LedgerUnderTest ledger, IEnumerable<(string Id, string Text)> all) =>
        await Task.WhenAll(all.OrderBy(_ => Random.Shared.Next()).Select(
            one => ledger.Claims.ClaimAsync(Make.Entry(ledger, one.Id, text: one.Text), CancellationToken.None).AsTask()));

    private Task<ClaimVerdict> ClaimAsync(NewEntry entry) => _ledger.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
}
