using System.Collections.Concurrent;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class GroupCommitTests
{
    private static readonly GroupCommitOptions OneLane = new() { Lanes = 1, MaxBatch = 1000, Capacity = 10_000 };

    [Fact]
    public async Task A_batch_is_what_arrived_while_the_last_commit_was_in_flight()
    {
        var commits = new ScriptedCommits();
        await using var group = commits.Group(OneLane);
        var first = group.CommitAsync(0, CancellationToken.None);
        await commits.NextAsync();
        var more = Enumerable.Range(1, 10).Select(i => group.CommitAsync(i, CancellationToken.None).AsTask()).ToList();
        commits.Release();
        var second = await commits.NextAsync();
        commits.Release();
        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, 10), await Task.WhenAll(more));
        Assert.Equal(Enumerable.Range(1, 10), second);
    }

    [Fact]
    public async Task What_cannot_be_decided_beside_others_goes_into_a_batch_after_theirs_and_alone_it_is_a_defect()
    {
        var batches = new ConcurrentQueue<int[]>();
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var group = new GroupCommit<int, int>(
            OneLane,
            async batch =>
            {
                var items = Enumerable.Range(0, batch.Count).Select(i => batch[i]).ToArray();
                batches.Enqueue(items);
                reached.TrySetResult();
                await go.Task;
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i] < 0 || items[i] > items.Min())
                    {
                        batch.Again(i);
                    }
                    else
                    {
                        batch.Answer(i, items[i]);
                    }
                }
            },
            _ => CommitFailure.Fatal,
            TimeProvider.System);
        var first = group.CommitAsync(0, CancellationToken.None).AsTask();
        await reached.Task;
        var more = Enumerable.Range(1, 3).Select(i => group.CommitAsync(i, CancellationToken.None).AsTask()).ToList();
        go.SetResult();
        Assert.Equal(0, await first);
        var answers = await Task.WhenAll(more);
        Assert.Equal([1, 2, 3], answers);
        Assert.Equal(["0", "1 2 3", "2 3", "3"], batches.Select(b => string.Join(' ', b)));
        await Assert.ThrowsAsync<LedgerDefectException>(() => group.CommitAsync(-1, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task When_full_the_caller_waits_until_an_item_was_told()
    {
        var commits = new ScriptedCommits();
        await using var group = commits.Group(OneLane with { Capacity = 2 });
        var first = group.CommitAsync(1, CancellationToken.None).AsTask();
        await commits.NextAsync();
        var second = group.CommitAsync(2, CancellationToken.None).AsTask();
        var third = group.CommitAsync(3, CancellationToken.None).AsTask();
        Assert.Equal(2, group.Undecided);
        commits.Release();
        await first;
        var next = await commits.NextAsync();
        Assert.Equal(2, next[0]);
        commits.Release();
        await second;
        // The room that the first one left may have come in time for the second one's batch.
        if (next.Length == 1)
        {
            Assert.Equal(3, Assert.Single(await commits.NextAsync()));
            commits.Release();
        }
        Assert.Equal(3, await third);
    }

    [Fact]
    public async Task A_caller_that_goes_while_its_item_waits_for_room_takes_the_item_with_it()
    {
        var commits = new ScriptedCommits();
        await using var group = commits.Group(OneLane with { Capacity = 1 });
        var first = group.CommitAsync(1, CancellationToken.None).AsTask();
        await commits.NextAsync();
        using var gone = new CancellationTokenSource();
        var second = group.CommitAsync(2, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        commits.Release();
        await first;
        await group.DisposeAsync();
        Assert.Equal([1], commits.Committed);
    }

    [Fact]
    public async Task A_caller_that_goes_does_not_cancel_its_batch()
    {
        var commits = new ScriptedCommits();
        await using var group = commits.Group(OneLane);
        using var gone = new CancellationTokenSource();
        var leaving = group.CommitAsync(1, gone.Token).AsTask();
        await commits.NextAsync();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        commits.Release();
        await group.DisposeAsync();
        Assert.Equal([1], commits.Committed);
    }

    [Fact]
    public async Task Stopping_closes_the_intake_and_finishes_what_was_taken_in()
    {
        var commits = new ScriptedCommits();
        var group = commits.Group(OneLane with { MaxBatch = 7 });
        var all = Enumerable.Range(0, 100).Select(i => group.CommitAsync(i, CancellationToken.None).AsTask()).ToList();
        await commits.NextAsync();
        var stopping = group.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => group.CommitAsync(100, CancellationToken.None).AsTask());
        Assert.False(stopping.IsCompleted);
        commits.ReleaseAll();
        await stopping;
        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(all));
    }

    [Fact]
    public async Task A_failure_reaches_every_waiter_with_its_cause()
    {
        var cause = new FencedException("taken over");
        await using var group = Group((CommitBatch<int, int> _) => throw cause);
        var all = Enumerable.Range(0, 50).Select(i => group.CommitAsync(i, CancellationToken.None).AsTask()).ToList();
        foreach (var one in all)
        {
            Assert.Same(cause, await Assert.ThrowsAsync<FencedException>(() => one));
        }
    }

    [Fact]
    public async Task A_batch_with_a_guilty_item_is_split_until_only_it_fails()
    {
        await using var group = Group(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch[i] == 13)
                {
                    throw new ArgumentException("thirteen");
                }

                batch.Answer(i, batch[i] * 2);
            }

            return Task.CompletedTask;
        });
        var all = Enumerable.Range(0, 64).Select(i => group.CommitAsync(i, CancellationToken.None).AsTask()).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            if (i == 13)
            {
                Assert.IsType<ArgumentException>((await Assert.ThrowsAsync<LedgerDefectException>(() => all[13])).InnerException);
            }
            else
            {
                Assert.Equal(i * 2, await all[i]);
            }
        }
    }

    [Fact]
    public async Task A_transient_failure_is_retried_with_the_same_items_which_know_it()
    {
        var tries = new ConcurrentQueue<int>();
        await using var group = Group(batch =>
        {
            tries.Enqueue(batch.EarlierTries);
            if (batch.EarlierTries < 2)
            {
                throw new UnknownOutcomeException("silent");
            }

            batch.Answer(0, batch[0]);
            return Task.CompletedTask;
        });
        Assert.Equal(7, await group.CommitAsync(7, CancellationToken.None));
        Assert.Equal([0, 1, 2], tries);
    }

    [Fact]
    public async Task Retries_end_when_their_time_is_over_and_the_waiter_learns_it()
    {
        var time = new ManualTimeProvider();
        await using var group = new GroupCommit<int, int>(
            OneLane with { RetryFor = TimeSpan.FromSeconds(5) }, _ => throw new UnknownOutcomeException("silent"), LedgerFailures.Classify, time);
        var waiter = group.CommitAsync(1, CancellationToken.None).AsTask();
        while (!waiter.IsCompleted)
        {
            await Eventually.TrueAsync(() => time.ActiveTimers > 0 || waiter.IsCompleted, "a pause between retries, or the end");
            time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.IsType<UnknownOutcomeException>((await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiter)).InnerException);
    }

    [Fact]
    public async Task An_item_that_got_no_answer_fails_as_a_defect_and_alone()
    {
        await using var group = Group(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch[i] != 1)
                {
                    batch.Answer(i, batch[i]);
                }
            }

            return Task.CompletedTask;
        });
        Assert.Equal(0, await group.CommitAsync(0, CancellationToken.None));
        await Assert.ThrowsAsync<LedgerDefectException>(() => group.CommitAsync(1, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_second_lane_starts_only_when_enough_waits()
    {
        var commits = new ScriptedCommits();
        await using var group = commits.Group(OneLane with { Lanes = 2, SpillAt = 3 });
        await group.EnqueueAsync(0, (_, _, _) => { }, CancellationToken.None);
        await commits.NextAsync();
        await group.EnqueueAsync(1, (_, _, _) => { }, CancellationToken.None);
        await group.EnqueueAsync(2, (_, _, _) => { }, CancellationToken.None);
        Assert.Equal(1, commits.InFlight);
        await group.EnqueueAsync(3, (_, _, _) => { }, CancellationToken.None);
        var spilled = await commits.NextAsync();
        Assert.Equal([1, 2, 3], spilled);
        Assert.Equal(2, commits.InFlight);
        commits.ReleaseAll();
    }

    [Fact]
    public async Task Every_callback_is_called_once_and_every_waiter_gets_its_own_result()
    {
        var called = new ConcurrentBag<int>();
        var group = Group(async batch =>
        {
            await Task.Yield();
            for (var i = 0; i < batch.Count; i++)
            {
                batch.Answer(i, batch[i] + 1);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var item = (worker * 2000) + i;
                if (i % 2 == 0)
                {
                    Assert.Equal(item + 1, await group.CommitAsync(item, CancellationToken.None));
                }
                else
                {
                    await group.EnqueueAsync(item, (it, result, failure) => called.Add(failure is null && result == it + 1 ? it : -1), CancellationToken.None);
                }
            }
        })));
        await group.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 16_000).Where(i => i % 2 == 1), called.Order());
    }

    private static GroupCommit<int, int> Group(Func<CommitBatch<int, int>, Task> commit) =>
        new(new GroupCommitOptions { Lanes = 2, MaxBatch = 100, FirstPause = TimeSpan.FromMilliseconds(1) }, commit, LedgerFailures.Classify, TimeProvider.System);

    // Commits that wait until the test lets them go, one by one.
    private sealed class ScriptedCommits
    {
        private readonly System.Threading.Channels.Channel<int[]> _begun = System.Threading.Channels.Channel.CreateUnbounded<int[]>();
        private readonly SemaphoreSlim _gate = new(0);
        private int _inFlight;

        public ConcurrentQueue<int> Committed { get; } = new();

        public int InFlight => Volatile.Read(ref _inFlight);

        public GroupCommit<int, int> Group(GroupCommitOptions options) => new(options, CommitAsync, LedgerFailures.Classify, TimeProvider.System);

        public async Task<int[]> NextAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await _begun.Reader.ReadAsync(limit.Token);
        }

        public void Release() => _gate.Release();

        public void ReleaseAll() => _gate.Release(1000);

        private async Task CommitAsync(CommitBatch<int, int> batch)
        {
            Interlocked.Increment(ref _inFlight);
            var items = Enumerable.Range(0, batch.Count).Select(i => batch[i]).ToArray();
            _begun.Writer.TryWrite(items);
            await _gate.WaitAsync();
            for (var i = 0; i < items.Length; i++)
            {
                batch.Answer(i, items[i]);
                Committed.Enqueue(items[i]);
            }

            Interlocked.Decrement(ref _inFlight);
        }
    }
}
