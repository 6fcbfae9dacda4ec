using Npgsql;
using NpgsqlTypes;

namespace SmsGateway.Ledger.Tests;

// The shared rate, with the time given to the function: nothing here waits.
public sealed class RateLedgerTests : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private LedgerUnderTest _ledger = null!;
    private NpgsqlConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _ledger = LedgerUnderTest.Over(await LedgerUnderTest.DatabaseAsync());
        _connection = await _ledger.Connections.Hot.OpenConnectionAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    [Fact]
    public async Task The_ledgers_own_clock_grants_the_first_at_once_and_refuses_what_makes_no_sense()
    {
        await using var node = await LedgerUnderTest.StartAsync(_ledger.ConnectionString);
        Assert.InRange(await node.Rates.AskAsync("c", 1, 5, CancellationToken.None), 1, 1);
        Assert.Equal(0, await node.Rates.AskAsync("c", 0.001, 5, CancellationToken.None));
        Assert.Equal(0, await node.Rates.AskAsync("d", 10, 0, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Rates.AskAsync("c", 0, 5, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Rates.AskAsync("c", 1, -1, CancellationToken.None));
    }

    [Theory]
    [InlineData(100, 6000)]
    [InlineData(33.3, 1998)]
    [InlineData(2.5, 150)]
    [InlineData(1, 60)]
    [InlineData(0.2, 12)]
    public async Task One_that_asks_alone_gets_all_of_it(double rate, int expected)
    {
        var grants = await AskAsync(rate, 60, [new Asker(1, int.MaxValue, 0.5)]);
        Assert.InRange(grants.Sum(g => g.Count), expected - (int)Math.Ceiling(rate / 2) - 1, expected + (int)(rate / 2) + 1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(33.3)]
    [InlineData(10)]
    [InlineData(2.5)]
    [InlineData(0.5)]
    public async Task Four_that_want_all_get_a_quarter_each_also_when_they_ask_one_right_after_the_other(double rate)
    {
        var seconds = rate < 5 ? 240 : 60;
        var grants = await AskAsync(rate, seconds, [.. Enumerable.Range(1, 4).Select(n => new Asker((short)n, int.MaxValue, 0.5, First: n * 0.01))]);
        var quarter = rate * seconds / 4;
        foreach (var node in grants.GroupBy(g => g.Node))
        {
            Assert.InRange(node.Sum(g => g.Count), quarter * 0.95 - 1, quarter * 1.05 + 1);
        }

        NeverMore(grants, rate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task Four_that_ask_at_irregular_times_get_100_per_second_in_all_and_hardly_more_than_its_worth_in_any_half_second(int seed)
    {
        var random = new Random(seed);
        var askers = Enumerable.Range(1, 4).Select(n => new Asker((short)n, int.MaxValue, 0.5, First: random.NextDouble() / 2, Jitter: 0.04, random));
        var grants = await AskAsync(100, 60, [.. askers]);
        Assert.InRange(grants.Sum(g => g.Count) / 60.0, 98, 102);
        Assert.All(grants.GroupBy(g => g.Node), node => Assert.InRange(node.Sum(g => g.Count), 1425, 1575));
        NeverMore(grants, 100);

        // A node spends each grant evenly over half a second, one after the other.
        var (sent, free) = (new List<double>(), new double[5]);
        foreach (var grant in grants)
        {
            var begin = Math.Max(grant.At, free[grant.Node]);
            sent.AddRange(Enumerable.Range(0, grant.Count).Select(i => begin + (0.5 * i / grant.Count)));
            free[grant.Node] = begin + 0.5;
        }

        sent.Sort();
        var (from, most) = (0, 0);
        for (var to = 0; to < sent.Count; to++)
        {
            while (sent[to] - sent[from] >= 0.5)
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        // Not 50: two grants whose half seconds overlap, and what was owed from before.
        Assert.InRange(most, 50, 57);
    }

    [Fact]
    public async Task One_that_wants_little_leaves_the_rest_to_the_others()
    {
        var grants = await AskAsync(100, 60, [new Asker(1, 2, 0.5), new Asker(2, int.MaxValue, 0.5, 0.1), new Asker(3, int.MaxValue, 0.5, 0.2)]);
        Assert.InRange(Of(grants, 1), 235, 240);
        Assert.InRange(Of(grants, 2), 2800, 2960);
        Assert.InRange(Of(grants, 3), 2800, 2960);
        NeverMore(grants, 100);
    }

    [Fact]
    public async Task One_that_falls_silent_is_forgotten_after_two_seconds_and_one_that_wants_nothing_at_once()
    {
        for (var at = 0.0; at < 5; at += 0.5)
        {
            await GrantAsync(100, 1, 100, at);
            await GrantAsync(100, 2, 100, at);
        }

        // Node 1 asked last at 4.5.
        foreach (var at in (double[])[5, 5.5, 6, 6.4])
        {
            Assert.InRange(await GrantAsync(100, 2, 100, at), 19, 30);
        }

        Assert.InRange(await GrantAsync(100, 2, 100, 6.9), 49, 51);
        await GrantAsync(100, 1, 100, 7);
        Assert.InRange(await GrantAsync(100, 2, 100, 7.4), 15, 27);
        Assert.Equal(0, await GrantAsync(100, 1, 0, 7.5));
        Assert.InRange(await GrantAsync(100, 2, 100, 7.9), 40, 51);
    }

    [Fact]
    public async Task The_bucket_holds_half_a_seconds_worth_and_one_and_less_after_a_pause()
    {
        Assert.Equal(23, await GrantAsync(100, 1, 1000, 0));
        Assert.Equal(51, await GrantAsync(100, 1, 1000, 1));
        Assert.Equal(23, await GrantAsync(100, 1, 1000, 3600));
        Assert.Equal(0, await GrantAsync(100, 1, 1000, 3600));
        Assert.Equal(25, await GrantAsync(100, 1, 1000, 3600.25));
    }

    [Fact]
    public async Task No_more_is_granted_than_wanted()
    {
        await GrantAsync(100, 1, 1000, 0);
        Assert.Equal(7, await GrantAsync(100, 1, 7, 10));
        Assert.Equal(16, await GrantAsync(100, 1, 1000, 10));
    }

    [Fact]
    public async Task A_clock_of_the_server_that_is_set_back_stops_nobody()
    {
        await GrantAsync(100, 1, 1000, 7200);
        await GrantAsync(100, 2, 1000, 7200);
        await GrantAsync(100, 2, 1000, 0);
        Assert.InRange(await GrantAsync(100, 2, 1000, 0.5), 49, 51);
    }

    [Fact]
    public async Task Each_connector_has_a_bucket_of_its_own()
    {
        await GrantAsync(100, 1, 1000, 0);
        await GrantAsync(100, 1, 1000, 0, "other");
        Assert.Equal(50, await GrantAsync(100, 1, 1000, 0.5));
        Assert.Equal(50, await GrantAsync(100, 1, 1000, 0.5, "other"));
    }

    private static int Of(List<Granted> grants, short node) => grants.Where(g => g.Node == node).Sum(g => g.Count);

    // Over any time: no more than came in, and what a full bucket holds.
    private static void NeverMore(List<Granted> grants, double rate)
    {
        for (var from = 0; from < grants.Count; from++)
        {
            var sum = 0;
            for (var to = from; to < grants.Count && grants[to].At - grants[from].At <= 10; to++)
            {
                sum += grants[to].Count;
                Assert.True(sum <= (rate * (grants[to].At - grants[from].At)) + (rate / 2) + 1.001, $"{sum} within {grants[to].At - grants[from].At} s");
            }
        }
    }

    private async Task<List<Granted>> AskAsync(double rate, double seconds, IReadOnlyList<Asker> askers)
    {
        var grants = new List<Granted>();
        var due = new PriorityQueue<Asker, double>(askers.Select(a => (a, a.First)));
        while (due.TryDequeue(out var asker, out var at) && at < seconds)
        {
            grants.Add(new Granted(asker.Node, at, await GrantAsync(rate, asker.Node, asker.Want, at)));
            due.Enqueue(asker, at + asker.Every + (((asker.Random?.NextDouble() ?? 0.5) - 0.5) * 2 * asker.Jitter));
        }

        return grants;
    }

    private async Task<int> GrantAsync(double rate, short node, int want, double second, string connector = "carrier-a")
    {
        await using var command = new NpgsqlCommand("SELECT rate_grant($1, $2, $3, $4, $5)", _connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = connector },
                new NpgsqlParameter<short> { TypedValue = node },
                new NpgsqlParameter<double> { TypedValue = rate },
                new NpgsqlParameter<int> { TypedValue = want },
                new NpgsqlParameter { Value = Start.AddSeconds(second), NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Asker(short Node, int Want, double Every, double First = 0, double Jitter = 0, Random? Random = null);

    private sealed record Granted(short Node, double At, int Count);
}
