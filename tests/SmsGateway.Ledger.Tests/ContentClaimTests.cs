using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// An account that gives no ids of its own may ask that the same content within a while is sent once.
public sealed class ContentClaimTests() : TwoLedgers(new ManualTimeProvider())
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_thousand_contents_four_times_each_at_two_nodes_are_a_thousand_messages_with_one_id_each()
    {
        var submissions = Enumerable.Range(0, 4_000).Select(i => (Content: i % 1_000, Ledger: i / 1_000 % 2 == 0 ? A : B)).ToList();
        var verdicts = await Task.WhenAll(submissions.Select(async s => (s.Content, Verdict: await s.Ledger.Claims.ClaimAsync(Entry(s.Content), default))));
        Assert.Equal(1_000, verdicts.Count(v => v.Verdict.Kind == VerdictKind.Claimed));
        Assert.Equal(3_000, verdicts.Count(v => v.Verdict.Kind == VerdictKind.Duplicate));
        Assert.All(verdicts.GroupBy(v => v.Content), same => Assert.Single(same.Select(v => v.Verdict.MessageId).Distinct()));
        Assert.Equal((1_000L, 1_000L), (await A.ScalarAsync<long>("SELECT count(*) FROM entry"), await A.ScalarAsync<long>("SELECT count(*) FROM queue")));
    }

    [Fact]
    public async Task The_window_counts_from_the_first_and_after_it_the_content_is_new()
    {
        var first = await A.Claims.ClaimAsync(Entry(1), default);
        Time.Advance(Window - TimeSpan.FromSeconds(1));
        var repeat = await B.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal((VerdictKind.Duplicate, first.MessageId), (repeat.Kind, repeat.MessageId));
        Time.Advance(TimeSpan.FromSeconds(1));
        var next = await B.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal(VerdictKind.Claimed, next.Kind);
        Assert.NotEqual(first.MessageId, next.MessageId);
        Assert.Equal(next.MessageId, (await A.Claims.ClaimAsync(Entry(1), default)).MessageId);
    }

    [Fact]
    public async Task The_very_same_claim_again_recognises_itself()
    {
        var entry = Entry(1);
        var first = await A.Claims.ClaimAsync(entry, default);
        var again = await B.Claims.ClaimAsync(entry, default);
        Assert.Equal((VerdictKind.Claimed, first.MessageId), (again.Kind, again.MessageId));
        Assert.Equal(1, await A.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task Others_in_the_same_batch_are_not_compared()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => A.Claims.ClaimAsync(
            i % 3 == 0 ? Entry(7) : i % 3 == 1 ? Entry(7) with { ContentKey = null } : Make.Entry(A, "client-" + (i % 2)), default).AsTask()));
        Assert.Equal(1 + 20 + 2, verdicts.Count(v => v.Kind == VerdictKind.Claimed));
        Assert.Equal(19 + 18, verdicts.Count(v => v.Kind == VerdictKind.Duplicate));
    }

    [Fact]
    public async Task One_accepted_on_hold_and_played_after_a_later_one_is_sent_where_a_window_lies_between()
    {
        var (held, repeated) = (Entry(1), Entry(1));
        Time.Advance(Window);
        var live = await B.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal((VerdictKind.Claimed, held.Id), Told(await A.Claims.ClaimAsync(held, default)));
        Assert.Equal((VerdictKind.Claimed, held.Id), Told(await B.Claims.ClaimAsync(held, default)));

        // The later one holds the content as before; the held one is not remembered.
        Assert.Equal((VerdictKind.Duplicate, live.MessageId.Value), Told(await A.Claims.ClaimAsync(Entry(1), default)));
        Assert.Equal(VerdictKind.Claimed, (await A.Claims.ClaimAsync(repeated, default)).Kind);
        Assert.Equal(3, await A.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task One_accepted_less_than_a_window_before_the_holder_is_its_duplicate()
    {
        var held = Entry(1);
        Time.Advance(Window - TimeSpan.FromSeconds(1));
        var live = await B.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal((VerdictKind.Duplicate, live.MessageId.Value), Told(await A.Claims.ClaimAsync(held, default)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_journal_played_in_one_batch_sends_one_per_window_also_behind_a_later_one(bool behind)
    {
        var held = new List<NewEntry>();
        for (var i = 0; i < 7; i++)
        {
            held.Add(Entry(1)); // at 0, 12, 24, 36 s...
            Time.Advance(Window * 0.4);
        }

        Time.Advance(Window);
        if (behind)
        {
            await B.Claims.ClaimAsync(Entry(1), default);
        }

        // What comes while a batch is in COMMIT is the next batch.
        await using var earlier = await HeldTransaction.AtInsertAsync(A, "entry", "NEW.client_message_id = 'earlier'");
        var first = A.Claims.ClaimAsync(Make.Entry(A, "earlier"), default).AsTask();
        await earlier.ReachedAsync();
        var played = Task.WhenAll(held.Select(e => A.Claims.ClaimAsync(e, default).AsTask()));
        await earlier.ReleaseAsync();
        await first;
        var verdicts = await played;
        Assert.Equal([0, 0, 0, 3, 3, 3, 6], verdicts.Select(v => held.FindIndex(e => e.Id == v.MessageId.Value)));
        Assert.Equal(3, verdicts.Count(v => v.Kind == VerdictKind.Claimed));
        Assert.Equal(behind ? 5 : 4, await A.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task A_content_is_not_forgotten_while_a_node_may_hold_it_again()
    {
        var first = await A.Claims.ClaimAsync(Entry(1), default);
        await HoldingAsync(0);
        Time.Advance(TimeSpan.FromSeconds(10));
        var held = Entry(1);
        Time.Advance(TimeSpan.FromHours(1));
        await HoldingAsync(0, A); // B has not told since
        await A.MoRepeats.ForgetAsync(100, default);
        await HoldingAsync(1);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal((VerdictKind.Duplicate, first.MessageId.Value), Told(await B.Claims.ClaimAsync(held, default)));
        await HoldingAsync(0);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(0, await A.ScalarAsync<long>("SELECT count(*) FROM content_claim"));
    }

    [Fact]
    public async Task A_node_that_is_gone_keeps_contents_as_long_as_its_journal_is_played_by_itself()
    {
        await A.Claims.ClaimAsync(Entry(1), default);
        await HoldingAsync(1);
        Time.Advance((A.Core.Options.Retention / 2) + TimeSpan.FromMinutes(10));
        await HoldingAsync(0, A);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(1, await A.ScalarAsync<long>("SELECT count(*) FROM content_claim"));
        Time.Advance(Window);
        await A.MoRepeats.ForgetAsync(100, default);
        Assert.Equal(0, await A.ScalarAsync<long>("SELECT count(*) FROM content_claim"));
    }

    private static (VerdictKind Kind, Guid Id) Told(ClaimVerdict verdict) => (verdict.Kind, verdict.MessageId.Value);

    private NewEntry Entry(int content)
    {
        var hash = A.Node.Keys.ContentHash("12345", "447700900000", BitConverter.GetBytes(content), null, null);
        return Make.Entry(A, "x" + content) with
        {
            Id = MessageKeys.NewUnkeyed(Time),
            Keyed = false,
            ClientMessageId = null,
            ContentHash = hash,
            ContentKey = A.Node.Keys.ForContent("demo", hash, 0, null),
            ContentWindow = Window,
            AcceptedAt = Time.GetUtcNow(),
            ValidUntil = Time.GetUtcNow() + TimeSpan.FromDays(1),
        };
    }
}
