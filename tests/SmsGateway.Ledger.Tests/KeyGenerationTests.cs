namespace SmsGateway.Ledger.Tests;

public sealed class KeyGenerationTests
{
    [Fact]
    public async Task A_key_is_known_in_the_next_generation_and_gone_in_the_one_after()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        var entry = Make.Entry(ledger, Make.Id());
        await ClaimAsync(ledger, entry);
        await SwitchAsync(ledger);
        Assert.Equal(VerdictKind.Duplicate, (await ClaimAsync(ledger, entry with { Nonce = 1 })).Kind);
        Assert.Equal(VerdictKind.Conflict, (await ClaimAsync(ledger, entry with { Nonce = 2, ContentHash = Guid.NewGuid() })).Kind);

        // The same submission, tried again after an unknown COMMIT with a switch in between.
        Assert.Equal(VerdictKind.Claimed, (await ClaimAsync(ledger, entry)).Kind);
        await SwitchAsync(ledger);
        Assert.Equal(2, await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ledger_key'::regclass"));
        var tenDaysLater = entry.AcceptedAt.AddDays(10);
        await ledger.ExecuteAsync("DELETE FROM queue");
        var again = await ClaimAsync(ledger, entry with { Nonce = 3, AcceptedAt = tenDaysLater, ValidUntil = tenDaysLater.AddDays(1) });
        Assert.Equal((VerdictKind.Claimed, true), (again.Kind, again.MayEmit));
    }

    [Fact]
    public async Task A_switch_in_mid_run_lets_no_key_into_two_generations()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        await using var one = await LedgerUnderTest.StartAsync(database, "one");
        await using var two = await LedgerUnderTest.StartAsync(database, "two");
        var begun = new TaskCompletionSource();
        var rounds = Enumerable.Range(0, 4).Select(round => Task.Run(async () =>
        {
            var ledger = round % 2 == 0 ? one : two;
            var claimed = 0;
            for (var i = 0; i < 1000; i += 50)
            {
                var verdicts = await Task.WhenAll(Enumerable.Range(i, 50).Select(n => ClaimAsync(ledger, Make.Entry(ledger, "mid" + n))));
                claimed += verdicts.Count(v => v.Kind == VerdictKind.Claimed);
                begun.TrySetResult();
            }

            return claimed;
        })).ToList();
        await begun.Task;
        await SwitchAsync(one);
        Assert.Equal(1000, (await Task.WhenAll(rounds)).Sum());
        Assert.Equal(1000, await one.ScalarAsync<long>("SELECT count(*) FROM ledger_key"));
        Assert.Equal(1000, await one.ScalarAsync<long>("SELECT count(*) FROM queue"));
    }

    [Fact]
    public async Task A_generation_lasts_as_long_as_the_retention()
    {
        var time = new TestKit.ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: time);
        await using var connection = await ledger.Connections.Cold.OpenConnectionAsync();
        time.Advance(TimeSpan.FromDays(6.9));
        Assert.False(await KeyGenerations.SwitchWhenDueAsync(connection, TimeSpan.FromDays(7), time, CancellationToken.None));
        time.Advance(TimeSpan.FromDays(0.2));
        Assert.True(await KeyGenerations.SwitchWhenDueAsync(connection, TimeSpan.FromDays(7), time, CancellationToken.None));
        Assert.False(await KeyGenerations.SwitchWhenDueAsync(connection, TimeSpan.FromDays(7), time, CancellationToken.None));
        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT current FROM key_generation"));
    }

    private static async Task SwitchAsync(LedgerUnderTest ledger)
    {
        await using var connection = await ledger.Connections.Cold.OpenConnectionAsync();
        Assert.True(await KeyGenerations.SwitchWhenDueAsync(connection, TimeSpan.Zero, TimeProvider.System, CancellationToken.None));
    }

    private static Task<ClaimVerdict> ClaimAsync(LedgerUnderTest ledger, NewEntry entry) => ledger.Claims.ClaimAsync(entry, CancellationToken.None).AsTask();
}
