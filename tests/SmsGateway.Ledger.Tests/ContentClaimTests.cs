using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// An account that gives no ids of its own may ask that the same content within a while is sent once.
public sealed class ContentClaimTests : IAsyncLifetime
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _time = new();
    private LedgerUnderTest _a = null!;
    private LedgerUnderTest _b = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        _a = await LedgerUnderTest.StartAsync(database, "smsc1.dc3", _time);
        _b = await LedgerUnderTest.StartAsync(database, "smsc2.dc3", _time);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_contents_four_times_each_at_two_nodes_are_a_thousand_messages_with_one_id_each()
    {
        var submissions = Enumerable.Range(0, 4_000).Select(i => (Content: i % 1_000, Ledger: i / 1_000 % 2 == 0 ? _a : _b)).ToList();
        var verdicts = await Task.WhenAll(submissions.Select(async s => (s.Content, Verdict: await s.Ledger.Claims.ClaimAsync(Entry(s.Content), default))));
        Assert.Equal(1_000, verdicts.Count(v => v.Verdict.Kind == VerdictKind.Claimed));
        Assert.Equal(3_000, verdicts.Count(v => v.Verdict.Kind == VerdictKind.Duplicate));
        Assert.All(verdicts.GroupBy(v => v.Content), same => Assert.Single(same.Select(v => v.Verdict.MessageId).Distinct()));
        Assert.Equal((1_000L, 1_000L), (await _a.ScalarAsync<long>("SELECT count(*) FROM entry"), await _a.ScalarAsync<long>("SELECT count(*) FROM queue")));
    }

    [Fact]
    public async Task The_window_counts_from_the_first_and_after_it_the_content_is_new()
    {
        var first = await _a.Claims.ClaimAsync(Entry(1), default);
        _time.Advance(Window - TimeSpan.FromSeconds(1));
        var repeat = await _b.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal((VerdictKind.Duplicate, first.MessageId), (repeat.Kind, repeat.MessageId));
        _time.Advance(TimeSpan.FromSeconds(1));
        var next = await _b.Claims.ClaimAsync(Entry(1), default);
        Assert.Equal(VerdictKind.Claimed, next.Kind);
        Assert.NotEqual(first.MessageId, next.MessageId);
        Assert.Equal(next.MessageId, (await _a.Claims.ClaimAsync(Entry(1), default)).MessageId);
    }

    [Fact]
    public async Task The_very_same_claim_again_recognises_itself()
    {
        var entry = Entry(1);
        var first = await _a.Claims.ClaimAsync(entry, default);
        var again = await _b.Claims.ClaimAsync(entry, default);
        Assert.Equal((VerdictKind.Claimed, first.MessageId), (again.Kind, again.MessageId));
        Assert.Equal(1, await _a.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task Others_in_the_same_batch_are_not_compared()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _a.Claims.ClaimAsync(
            i % 3 == 0 ? Entry(7) : i % 3 == 1 ? Entry(7) with { ContentKey = null } : Make.Entry(_a, "client-" + (i % 2)), default).AsTask()));
        Assert.Equal(1 + 20 + 2, verdicts.Count(v => v.Kind == VerdictKind.Claimed));
        Assert.Equal(19 + 18, verdicts.Count(v => v.Kind == VerdictKind.Duplicate));
    }

    private NewEntry Entry(int content)
    {
        var hash = _a.Node.Keys.ContentHash("12345", "447700900000", BitConverter.GetBytes(content), null, null);
        return Make.Entry(_a, "x" + content) with
        {
            Id = MessageKeys.NewUnkeyed(_time),
            Keyed = false,
            ClientMessageId = null,
            ContentHash = hash,
            ContentKey = _a.Node.Keys.ForContent("demo", hash, 0, null),
            ContentWindow = Window,
            AcceptedAt = _time.GetUtcNow(),
            ValidUntil = _time.GetUtcNow() + TimeSpan.FromDays(1),
        };
    }
}
