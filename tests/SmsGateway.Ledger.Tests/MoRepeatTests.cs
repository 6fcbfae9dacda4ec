using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// A carrier's repeat and a handset's second message look the same; whether the first one's acknowledgement arrived tells them apart.
public sealed class MoRepeatTests() : TwoLedgers(new ManualTimeProvider())
{
    [Fact]
    public async Task With_the_firsts_answer_proven_what_comes_after_is_a_new_MO_and_does_not_wait()
    {
        var first = await StoreAsync(A, MoVerdict.Stored);
        Assert.Contains(first, await A.MoRepeats.ProveAsync([(first, true)], default));
        Time.Advance(TimeSpan.FromSeconds(20));
        await StoreAsync(B, MoVerdict.Stored);
        Assert.Equal(2, await OwedAsync());
    }

    [Fact]
    public async Task One_that_comes_before_waits_and_is_forwarded_when_it_is_proven()
    {
        var first = await StoreAsync(A, MoVerdict.Stored);
        var second = await StoreAsync(B, MoVerdict.Suspected);
        Assert.Equal(default, await B.MoRepeats.DecideAsync(100, default));
        Assert.Equal(1, await OwedAsync());
        await A.MoRepeats.ProveAsync([(first, true)], default);
        Assert.Equal(new MosDecided(1, 0), await B.MoRepeats.DecideAsync(100, default));
        var delivery = Assert.Single(B.Announced);
        Assert.Equal((second, "demo", "447700900009", "12345"), (delivery.Id, delivery.Account, delivery.Source, delivery.Destination));
        Assert.Equal(new byte[] { 0, 1, 255 }, delivery.Body);
        Assert.Equal(2, await OwedAsync());
    }

    [Fact]
    public async Task With_the_answer_lost_it_is_suppressed_listed_and_an_operator_can_release_it_once()
    {
        var first = await StoreAsync(A, MoVerdict.Stored);
        await A.MoRepeats.ProveAsync([(first, false)], default);
        var second = await StoreAsync(B, MoVerdict.Suspected);
        Assert.Equal(new MosDecided(0, 1), await B.MoRepeats.DecideAsync(100, default));
        Assert.Equal(1, await OwedAsync());
        Assert.Equal(1, await A.ScalarAsync<long>($"SELECT count(*) FROM parked WHERE kind = 'mo_suppressed' AND id = '{second}' AND account = 'demo' AND reason LIKE '%{first}%'"));

        var by = new AuditActor("ops", "operator", null);
        var choice = new ParkedChoice { Ids = [second] };
        Assert.Equal(1, (await A.ParkedList.RedriveAsync(choice, by, "one", default)).Deliveries);
        Assert.Equal(0, (await A.ParkedList.RedriveAsync(choice, by, "one", default)).Deliveries);
        Assert.Equal((2L, 1L), (await OwedAsync(), await A.ScalarAsync<long>("SELECT count(*) FROM audit WHERE action = 'parked redriven' AND after LIKE '%1 deliveries'")));
    }

    [Fact]
    public async Task A_repeat_of_a_repeat_is_judged_by_the_first_that_was_forwarded_and_after_ten_minutes_it_is_none()
    {
        var first = await StoreAsync(A, MoVerdict.Stored);
        await A.MoRepeats.ProveAsync([(first, false)], default);
        var second = await StoreAsync(B, MoVerdict.Suspected);
        await B.MoRepeats.DecideAsync(100, default);
        await B.MoRepeats.ProveAsync([(second, true)], default);
        Time.Advance(TimeSpan.FromMinutes(9));
        await StoreAsync(B, MoVerdict.Suspected);
        Assert.Equal(new MosDecided(0, 1), await B.MoRepeats.DecideAsync(100, default));
        Time.Advance(TimeSpan.FromSeconds(61));
        await StoreAsync(B, MoVerdict.Stored);
        Assert.Equal(2, await OwedAsync());
    }

    [Fact]
    public async Task Of_two_that_wait_the_second_is_judged_by_the_first_of_them()
    {
        var first = await StoreAsync(A, MoVerdict.Stored);
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await StoreAsync(A, MoVerdict.Suspected);
        Time.Advance(TimeSpan.FromSeconds(1));
        await StoreAsync(A, MoVerdict.Suspected);
        Assert.DoesNotContain(second, await A.MoRepeats.ProveAsync([(first, true), (second, false)], default));
        Assert.Equal(new MosDecided(1, 0), await A.MoRepeats.DecideAsync(100, default));
        Assert.Equal(new MosDecided(0, 1), await A.MoRepeats.DecideAsync(100, default));
        Assert.Equal(2, await OwedAsync());
    }

    [Fact]
    public async Task A_node_that_is_gone_proves_nothing_and_what_waits_is_decided_by_another()
    {
        await StoreAsync(A, MoVerdict.Stored);
        await StoreAsync(A, MoVerdict.Suspected);
        Assert.Equal(default, await B.MoRepeats.DecideAsync(100, default));
        await A.TakenOverByAsync(B);
        Assert.Equal(new MosDecided(0, 1), await B.MoRepeats.DecideAsync(100, default));
        Assert.Equal(1, await OwedAsync());
    }

    [Fact]
    public async Task A_node_that_lives_and_never_tells_counts_as_no_proof_after_a_minute()
    {
        await StoreAsync(A, MoVerdict.Stored);
        await StoreAsync(B, MoVerdict.Suspected);
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(default, await B.MoRepeats.DecideAsync(100, default));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new MosDecided(0, 1), await B.MoRepeats.DecideAsync(100, default));
    }

    [Theory]
    [InlineData(null)] // its node died before it answered: the carrier sent it again elsewhere
    [InlineData(true)] // it was answered: the handset's first of two
    public async Task One_that_came_before_the_first_and_is_played_later_is_judged_by_its_own_answer(bool? arrived)
    {
        var held = Mo();
        Time.Advance(TimeSpan.FromSeconds(30));
        var first = await StoreAsync(B, MoVerdict.Stored);
        await B.MoRepeats.ProveAsync([(first, true)], default);
        Assert.Equal(MoVerdict.Suspected, await A.Mos.RecordAsync(held, default));
        Assert.Equal(default, await B.MoRepeats.DecideAsync(100, default));

        if (arrived is { } proof)
        {
            await A.MoRepeats.ProveAsync([(held.Id!.Value, proof)], default);
        }
        else
        {
            Time.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(arrived is true ? new MosDecided(1, 0) : new MosDecided(0, 1), await B.MoRepeats.DecideAsync(100, default));
        Assert.Equal(arrived is true ? 2 : 1, await OwedAsync());
        Assert.Equal(first, await A.ScalarAsync<Guid>("SELECT id FROM mo_first"));
    }

    [Fact]
    public async Task The_same_at_two_nodes_at_the_same_moment_is_one_first_and_other_content_is_no_repeat()
    {
        var same = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? A : B).Mos.RecordAsync(Mo(), default).AsTask()));
        Assert.Equal((1, 39), (same.Count(v => v == MoVerdict.Stored), same.Count(v => v == MoVerdict.Suspected)));
        Assert.Equal(MoVerdict.Stored, await A.Mos.RecordAsync(Mo() with { Body = [1] }, default));
        Assert.Equal(MoVerdict.Stored, await A.Mos.RecordAsync(Mo() with { Source = "447700900010" }, default));
        Assert.Equal(MoVerdict.Stored, await A.Mos.RecordAsync(Mo() with { Connector = "carrier-b" }, default));
        Assert.Equal(4, await OwedAsync());
    }

    [Fact]
    public async Task The_same_record_again_is_itself_and_no_repeat()
    {
        var mo = Mo();
        Assert.Equal(MoVerdict.Stored, await A.Mos.RecordAsync(mo, default));
        Assert.Equal(MoVerdict.Stored, await B.Mos.RecordAsync(mo, default));
        var repeat = Mo();
        Assert.Equal(MoVerdict.Suspected, await A.Mos.RecordAsync(repeat, default));
        Assert.Equal(MoVerdict.Suspected, await B.Mos.RecordAsync(repeat, default));
        Assert.Equal((1L, 1L), (await OwedAsync(), await A.ScalarAsync<long>("SELECT count(*) FROM mo_suspect")));
    }

    [Fact]
    public async Task Firsts_are_forgotten_when_nothing_can_repeat_them_but_not_while_one_waits()
    {
        await StoreAsync(A, MoVerdict.Stored);
        await StoreAsync(A, MoVerdict.Suspected);
        Time.Advance(TimeSpan.FromMinutes(21));
        await HoldingAsync(0);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(1, await A.ScalarAsync<long>("SELECT count(*) FROM mo_first"));
        await A.MoRepeats.DecideAsync(100, default);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(0, await A.ScalarAsync<long>("SELECT count(*) FROM mo_first"));
    }

    [Fact]
    public async Task Firsts_are_not_forgotten_while_a_node_may_hold_their_repeats()
    {
        await StoreAsync(A, MoVerdict.Stored);
        Time.Advance(TimeSpan.FromMinutes(30));
        await A.MoRepeats.ForgetAsync(100, default); // neither has told what it holds
        await HoldingAsync(1);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(1, await A.ScalarAsync<long>("SELECT count(*) FROM mo_first"));
        await HoldingAsync(0);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(0, await A.ScalarAsync<long>("SELECT count(*) FROM mo_first"));
    }

    private async Task<Guid> StoreAsync(LedgerUnderTest ledger, MoVerdict expected)
    {
        var mo = Mo();
        Assert.Equal(expected, await ledger.Mos.RecordAsync(mo, default));
        return mo.Id!.Value;
    }

    private Task<long> OwedAsync() => A.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 2");

    private NewMo Mo() => Make.Mo(Time.GetUtcNow()) with { Id = Guid.CreateVersion7(Time.GetUtcNow()) };
}
