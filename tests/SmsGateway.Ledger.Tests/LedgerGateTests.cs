using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class LedgerGateTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void It_closes_once_ends_all_waits_and_opens_with_the_time_that_it_was_closed()
    {
        using var gate = new LedgerGate(_time);
        var changes = 0;
        gate.Changed += () => changes++;
        var lost = gate.Lost;
        Assert.False(gate.IsAway);

        Assert.True(gate.Close("no answer"));
        Assert.False(gate.Close("another"));
        Assert.True(gate.IsAway && lost.IsCancellationRequested && gate.Lost.IsCancellationRequested);
        Assert.Equal("no answer", gate.Reason);

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), gate.Open());
        Assert.Null(gate.Open());
        Assert.False(gate.IsAway || gate.Lost.IsCancellationRequested);
        Assert.Equal(2, changes);
    }

    [Fact]
    public async Task While_it_is_closed_a_group_commit_sends_nothing_and_fails_what_waits_at_once()
    {
        using var gate = new LedgerGate(_time);
        var sent = 0;
        var first = new TaskCompletionSource();
        await using var group = new GroupCommit<int, int>(
            new GroupCommitOptions { Lanes = 1, MaxBatch = 1 },
            async batch =>
            {
                sent++;
                await first.Task;
                batch.Answer(0, batch[0]);
            },
            static _ => CommitFailure.Fatal,
            _time,
            () => gate.IsAway);
        var inFlight = group.CommitAsync(1, CancellationToken.None).AsTask();
        var waiting = group.CommitAsync(2, CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => Volatile.Read(ref sent) == 1, "the first is in flight");

        gate.Close("no answer");
        first.SetResult();

        Assert.Equal(1, await inFlight); // it was committed: the answer counts
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting);
        Assert.Equal(1, sent);
        gate.Open();
        Assert.Equal(3, await group.CommitAsync(3, CancellationToken.None));
    }
}
