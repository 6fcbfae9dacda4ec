using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class RegistrationTests
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Starting_again_costs_no_numbers_of_nodes()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var first = await LedgerUnderTest.StartAsync(database, "a");
        for (var i = 0; i < 5; i++)
        {
            await first.Nodes.RegisterAsync("again", CancellationToken.None);
        }

        await using var second = await LedgerUnderTest.StartAsync(database, "b");
        Assert.Equal((first.Node.Current.Node + 1, 6L), (second.Node.Current.Node, first.Node.Current.Epoch));
    }

    [Fact]
    public async Task A_name_that_another_process_renews_is_refused_within_seconds()
    {
        using var other = ChildProcess.Start();
        var time = new ManualTimeProvider();
        await using var ledger = await HeldByAsync(other.Identity, time);
        var registering = ledger.Nodes.RegisterAsync("1", CancellationToken.None);
        await time.TimerWithinAsync(ASecond);
        time.Advance(ASecond);
        await time.TimerWithinAsync(ASecond);
        Assert.False(registering.IsCompleted);
        await ledger.ExecuteAsync("UPDATE node SET counter = counter + 1");
        time.Advance(ASecond);
        var refused = await Assert.ThrowsAsync<NodeNameTakenException>(() => registering);
        Assert.Contains("'held'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(7, await ledger.ScalarAsync<long>("SELECT epoch FROM node"));
        Assert.False(ledger.Lease.IsValid);
        Assert.False(ledger.Node.IsRegistered);
    }

    [Fact]
    public async Task A_name_whose_holder_is_silent_is_taken_when_that_has_lasted_for_long_enough()
    {
        // It runs, as one that is stopped or cut off does.
        using var other = ChildProcess.Start();
        var time = new ManualTimeProvider();
        await using var ledger = await HeldByAsync(other.Identity, time);
        var registering = ledger.Nodes.RegisterAsync("1", CancellationToken.None);
        for (var second = 0; second < 12; second++)
        {
            await time.TimerWithinAsync(ASecond);
            Assert.Equal(7, await ledger.ScalarAsync<long>("SELECT epoch FROM node"));
            time.Advance(ASecond);
        }

        Assert.Equal(8, (await registering).Epoch);
        Assert.True(ledger.Lease.MayEmit(8));
    }

    [Fact]
    public async Task A_name_whose_holder_of_this_machine_has_ended_is_taken_at_once()
    {
        await using var ledger = await HeldByAsync(await ChildProcess.EndedAsync(), new ManualTimeProvider());
        Assert.Equal(8, (await ledger.Nodes.RegisterAsync("1", CancellationToken.None)).Epoch);
    }

    [Fact]
    public async Task Of_two_processes_that_want_the_name_of_a_dead_one_the_first_has_it_and_the_other_is_refused()
    {
        using var one = ChildProcess.Start();
        using var two = ChildProcess.Start();
        var time = new ManualTimeProvider();
        await using var first = await HeldByAsync(await ChildProcess.EndedAsync(), time, one.Identity);
        await using var second = LedgerUnderTest.Over(first.ConnectionString, node: "held", time: time, process: two.Identity);

        // Whoever wins has a place among a carrier's binds before the other is told that it lost.
        await first.ExecuteAsync("""
            CREATE FUNCTION bind() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN IF NEW.epoch > OLD.epoch THEN INSERT INTO bind_slot VALUES (NEW.epoch, 1, NEW.id, ''carrier-a''); END IF; RETURN NULL; END';
            CREATE TRIGGER bind AFTER UPDATE ON node FOR EACH ROW EXECUTE FUNCTION bind();
            """);
        await using var blocker = await first.Connections.Cold.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT FROM node FOR UPDATE", blocker))
        {
            await command.ExecuteNonQueryAsync();
        }

        var both = new List<Task<NodeEpoch>> { first.Nodes.RegisterAsync("1", CancellationToken.None), second.Nodes.RegisterAsync("2", CancellationToken.None) };
        await Eventually.TrueAsync(
            async () => await first.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == 2,
            "both saw it dead and wait for its row");
        await transaction.CommitAsync();
        var winner = await Task.WhenAny(both);
        Assert.Equal(8, (await winner).Epoch);
        Assert.Equal(8, await first.ScalarAsync<long>("SELECT epoch FROM bind_slot"));
        both.Remove(winner);

        await time.TimerWithinAsync(ASecond);
        await first.ExecuteAsync("UPDATE node SET counter = counter + 1");
        time.Advance(ASecond);
        await Assert.ThrowsAsync<NodeNameTakenException>(() => both[0]);
        Assert.Equal((8L, 8L), (await first.ScalarAsync<long>("SELECT epoch FROM node"), await first.ScalarAsync<long>("SELECT epoch FROM bind_slot")));
    }

    [Fact]
    public async Task A_process_that_lost_its_lease_takes_the_next_epoch_of_its_own_name_at_once()
    {
        var time = new ManualTimeProvider();
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.False(ledger.Lease.IsValid);

        // The ledger would still take its renewal: it judges itself.
        Assert.False((await ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None)).Renewed);
        Assert.False(ledger.Lease.IsValid);
        var epoch = await ledger.Nodes.RegisterAsync("1", CancellationToken.None);
        Assert.Equal((2L, 2L, true), (epoch.Epoch, ledger.Lease.Epoch, ledger.Lease.IsValid));
    }

    // A node "held" in epoch 7 of another process, and a ledger that wants that name.
    private static async Task<LedgerUnderTest> HeldByAsync(string process, TimeProvider time, string? ownProcess = null)
    {
        var ledger = LedgerUnderTest.Over(await LedgerUnderTest.DatabaseAsync(), node: "held", time: time, process: ownProcess);
        await ledger.ExecuteAsync(
            $"INSERT INTO node (name, site, mode, epoch, counter, started_at, live, process) VALUES ('held', 'dc3', 'hot', 7, 100, now(), true, '{process}')");
        return ledger;
    }
}
