using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// The race of taking over and outcome (design, section 5): a node that was taken over, or is being, says how its attempt ended.
// The outcome is recorded whoever reports it, and a segment has one open place at most.
public sealed class TakeOverAndOutcomeTests : IAsyncLifetime
{
    private LedgerUnderTest _a = null!;
    private LedgerUnderTest _b = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        _a = await LedgerUnderTest.StartAsync(database, "a");
        _b = await LedgerUnderTest.StartAsync(database, "b");
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_that_a_woken_node_reports_ends_the_doubt_and_finds_its_receipt()
    {
        var attempt = await AttemptAsync();
        var left = await _a.TakenOverByAsync(_b);
        Assert.Equal(attempt.Key, Assert.Single(await _b.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None)).Key);
        Assert.True((await _b.Queue.AdoptAsync(left, 10, CancellationToken.None)).IsEmpty);
        var id = Make.Id("woken");
        Assert.Equal(ReceiptVerdict.Parked, await _b.Receipts.RecordAsync(Make.Receipt(id), CancellationToken.None));
        Assert.Equal(OutcomeVerdict.Ended, await _a.Outcomes.RecordAsync(Make.Outcome(attempt.Key, carrierId: id, at: attempt.At), CancellationToken.None));
        Assert.Empty(await _b.Messages.OpenAttemptsAsync(10, onlyGoneEpochs: true, CancellationToken.None));
        Assert.Equal(0, await PlacesAsync(attempt.Key));
        await Eventually.TrueAsync(() => _b.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM outbox)"), "the receipt is joined");

        // The one that was taken over joined them: the receipt's row is its, under the epoch that is gone, and is swept up.
        Assert.Equal(new Adopted(0, 1), await _b.Queue.AdoptAsync(left, 10, CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_is_recorded_by_another_node_as_well()
    {
        var attempt = await AttemptAsync();
        await _a.TakenOverByAsync(_b);
        var answered = Make.Outcome(attempt.Key, carrierId: Make.Id("other"), at: attempt.At);
        Assert.Equal(OutcomeVerdict.Ended, await _b.Outcomes.RecordAsync(answered, CancellationToken.None));
        Assert.Equal(OutcomeVerdict.Unchanged, await _a.Outcomes.RecordAsync(answered, CancellationToken.None));
    }

    [Fact]
    public async Task Not_sent_after_the_take_over_goes_back_to_the_queue_where_the_sweep_finds_it()
    {
        var attempt = await AttemptAsync();
        var left = await _a.TakenOverByAsync(_b);
        Assert.True((await _b.Queue.AdoptAsync(left, 10, CancellationToken.None)).IsEmpty);
        Assert.Equal(OutcomeVerdict.Ended, await _a.Outcomes.RecordAsync(NotSent(attempt), CancellationToken.None));
        await OnlyTheSweeperEmitsAsync(attempt, left);
    }

    [Fact]
    public async Task Not_sent_before_the_take_over_is_swept_with_the_rest()
    {
        var attempt = await AttemptAsync();
        Assert.Equal(OutcomeVerdict.Ended, await _a.Outcomes.RecordAsync(NotSent(attempt), CancellationToken.None));
        await OnlyTheSweeperEmitsAsync(attempt, await _a.TakenOverByAsync(_b));
    }

    [Fact]
    public async Task Not_sent_that_commits_while_its_node_is_taken_over_and_swept_is_found_by_the_next_sweep()
    {
        var attempt = await AttemptAsync();
        await using var held = await HeldTransaction.AtInsertAsync(_a, "queue", $"NEW.id = '{attempt.Key.Segment.Id}'");
        var reporting = _a.Outcomes.RecordAsync(NotSent(attempt), CancellationToken.None).AsTask();
        await held.ReachedAsync();
        var left = await _a.TakenOverByAsync(_b);
        Assert.True((await _b.Queue.AdoptAsync(left, 10, CancellationToken.None)).IsEmpty);
        Assert.Equal(1, await PlacesAsync(attempt.Key));
        await held.ReleaseAsync();
        Assert.Equal(OutcomeVerdict.Ended, await reporting);
        await OnlyTheSweeperEmitsAsync(attempt, left);
    }

    [Fact]
    public async Task Not_sent_that_commits_after_its_process_took_the_next_epoch_is_found_by_its_own_sweep()
    {
        var attempt = await AttemptAsync();
        await using var held = await HeldTransaction.AtInsertAsync(_a, "queue", $"NEW.id = '{attempt.Key.Segment.Id}'");
        var reporting = _a.Outcomes.RecordAsync(NotSent(attempt), CancellationToken.None).AsTask();
        await held.ReachedAsync();
        var left = await _a.TakenOverByAsync(_b);
        await _a.Nodes.RegisterAsync("back", CancellationToken.None);
        Assert.True((await _a.Queue.AdoptAsync(10, CancellationToken.None)).IsEmpty);
        await held.ReleaseAsync();
        await reporting;

        // Both that may sweep it do, at once.
        var adopted = await Task.WhenAll(_a.Queue.AdoptAsync(10, CancellationToken.None), _b.Queue.AdoptAsync(left, 10, CancellationToken.None));
        Assert.Equal(1, adopted.Sum(a => a.Segments));
        Assert.Equal(1, await PlacesAsync(attempt.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_nodes_that_report_the_same_attempt_one_ends_it_whatever_the_order(bool notSentFirst)
    {
        var attempt = await AttemptAsync();
        await _a.TakenOverByAsync(_b);
        var (notSent, answered) = (NotSent(attempt), Make.Outcome(attempt.Key, carrierId: Make.Id("both"), at: attempt.At));
        await using var held = await HeldTransaction.AtInsertAsync(_a, "attempt_end", $"NEW.id = '{attempt.Key.Segment.Id}'");
        var first = _a.Outcomes.RecordAsync(notSentFirst ? notSent : answered, CancellationToken.None).AsTask();
        await held.ReachedAsync();
        var second = _b.Outcomes.RecordAsync(notSentFirst ? answered : notSent, CancellationToken.None).AsTask();
        await Eventually.TrueAsync(
            () => _b.WaitsForRowAsync("b"),
            "the second waits for the first");
        await held.ReleaseAsync();
        Assert.Equal(OutcomeVerdict.Ended, await first);
        Assert.Equal(notSentFirst ? OutcomeVerdict.Evidence : OutcomeVerdict.Unchanged, await second);
        Assert.Equal(notSentFirst ? 1 : 0, await PlacesAsync(attempt.Key));
    }

    [Fact]
    public async Task Reports_of_two_nodes_and_sweeps_at_once_leave_no_segment_with_two_open_places()
    {
        var attempts = new List<NewAttempt>();
        for (var i = 0; i < 100; i++)
        {
            attempts.Add(await AttemptAsync());
        }

        var left = await _a.TakenOverByAsync(_b);
        var sweeping = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await _b.Queue.AdoptAsync(left, 5, CancellationToken.None);
            }
        });
        await Task.WhenAll(attempts.SelectMany(attempt => new[]
        {
            _a.Outcomes.RecordAsync(NotSent(attempt), CancellationToken.None).AsTask(),
            _b.Outcomes.RecordAsync(Make.Outcome(attempt.Key, AttemptEndKind.Refused, at: attempt.At, status: 0x58, requeue: new Requeue(attempt.At, false)), CancellationToken.None).AsTask(),
        }));
        await sweeping;
        await _b.Queue.AdoptAsync(left, 1000, CancellationToken.None);
        Assert.Equal(100, await _b.ScalarAsync<long>($"SELECT count(*) FROM queue WHERE owner = {_b.Node.Current.Node} AND attempt = 2"));
        Assert.Equal(100, await _b.ScalarAsync<long>("SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM attempt)"));
    }

    private static AttemptOutcome NotSent(NewAttempt attempt) => Make.NotSent(attempt, new Requeue(attempt.At, CountsAsFailure: false));

    // An open attempt of node a.
    private async Task<NewAttempt> AttemptAsync()
    {
        var entry = Make.Entry(_a, Make.Id());
        await _a.Claims.ClaimAsync(entry, CancellationToken.None);
        var segment = (await _a.Queue.FetchAsync("carrier-a", Priority.Bulk, 1000, 0, CancellationToken.None)).Single(s => s.Key.Id == entry.Id);
        var attempt = Make.Attempt(segment);
        Assert.Single(await _a.Attempts.AttemptAsync([attempt]));
        return attempt;
    }

    // The segment waits under the epoch that is gone: nobody has it until b sweeps, and then b alone.
    private async Task OnlyTheSweeperEmitsAsync(NewAttempt attempt, NodeEpoch left)
    {
        Assert.Equal(1, await PlacesAsync(attempt.Key));
        var next = attempt with { Key = attempt.Key with { Number = 2 } };
        Assert.Empty(await _b.Attempts.AttemptAsync([next]));
        Assert.Equal(new Adopted(1, 0), await _b.Queue.AdoptAsync(left, 10, CancellationToken.None));
        await Assert.ThrowsAsync<FencedException>(() => _a.Attempts.AttemptAsync([next]));
        Assert.Equal([next.Key], await _b.Attempts.AttemptAsync([next]));
        Assert.Equal(1, await PlacesAsync(attempt.Key));
    }

    private Task<long> PlacesAsync(AttemptKey key) => _b.ScalarAsync<long>(
        $"SELECT (SELECT count(*) FROM queue WHERE id = '{key.Segment.Id}') + (SELECT count(*) FROM attempt WHERE id = '{key.Segment.Id}')");
}
