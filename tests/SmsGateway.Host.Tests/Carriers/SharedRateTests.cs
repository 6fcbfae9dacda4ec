using Npgsql;
using SmsGateway.Host.Carriers;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// Several nodes share one contract: their pacing over the ledger's real statement, both by one clock that is turned by hand.
public sealed class SharedRateTests : IAsyncLifetime
{
    private const int Milliseconds = 1_000;
    private readonly Random _random = new(7);
    private NpgsqlConnection _ledger = null!;

    public async Task InitializeAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CopyTemplateAsync(
            "ledger", template => LedgerMigrator.MigrateAsync(template, TimeProvider.System, CancellationToken.None));

        // The statement's clock_timestamp() is found here before the server's own.
        _ledger = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { SearchPath = "clock,pg_catalog,public" }.ConnectionString);
        await _ledger.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            CREATE SCHEMA clock;
            CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT current_setting('test.now')::timestamptz $$;
            """,
            _ledger);
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Theory]
    [InlineData(100)]
    [InlineData(40)]
    [InlineData(1_000)]
    public async Task Four_nodes_with_a_backlog_send_the_rate_in_every_second_from_the_first_on(double rate)
    {
        var sent = await RunAsync(rate, seconds: 8, Nodes(rate, 4));
        AssertEverySecond(sent, rate, from: 0);
    }

    [Fact]
    public async Task The_only_node_with_a_backlog_sends_all_of_it()
    {
        var nodes = Nodes(100, 4);
        foreach (var idle in nodes.Skip(1))
        {
            idle.Until = 0;
        }

        AssertEverySecond(await RunAsync(100, seconds: 8, nodes), 100, from: 0);
    }

    [Fact]
    public async Task A_quiet_time_is_not_made_up_for()
    {
        var nodes = Nodes(100, 4);
        await RunAsync(100, seconds: 2, nodes);
        AssertEverySecond(await RunAsync(100, seconds: 5, Nodes(100, 4), begin: 600), 100, from: 0);
    }

    [Fact]
    public async Task Nodes_that_join_while_another_has_it_all_do_not_exceed_it()
    {
        var nodes = Nodes(100, 4);
        for (var i = 1; i < nodes.Length; i++)
        {
            nodes[i].From = (2_000 * i) + _random.Next(1_000);
        }

        AssertEverySecond(await RunAsync(100, seconds: 12, nodes), 100, from: 0);
    }

    [Fact]
    public async Task The_share_of_a_node_that_dies_goes_to_the_others_within_seconds()
    {
        var nodes = Nodes(100, 4);
        nodes[2].Until = 4 * Milliseconds;
        var sent = await RunAsync(100, seconds: 14, nodes);
        AssertEverySecond(sent.TakeWhile(at => at < 4 * Milliseconds).ToList(), 100, from: 0);
        AssertEverySecond(sent, 100, from: 7 * Milliseconds);
    }

    [Fact]
    public async Task What_one_node_hardly_uses_the_others_may()
    {
        var nodes = Nodes(100, 4);
        nodes[0].Every = 200; // five in a second
        var sent = await RunAsync(100, seconds: 12, nodes);
        AssertEverySecond(sent, 100, from: 2 * Milliseconds);
    }

    [Fact]
    public async Task The_share_of_a_node_whose_backlog_ends_goes_to_the_others_within_a_second()
    {
        var nodes = Nodes(100, 3);
        nodes[1].Ends = 4 * Milliseconds;
        nodes[2].Ends = 8 * Milliseconds;
        var sent = await RunAsync(100, seconds: 12, nodes);
        AssertEverySecond(sent.TakeWhile(at => at < 4 * Milliseconds).ToList(), 100, from: 0);
        AssertEverySecond(sent.TakeWhile(at => at < 8 * Milliseconds).ToList(), 100, from: 5 * Milliseconds);
        AssertEverySecond(sent, 100, from: 9 * Milliseconds);
    }

    // Every window of a second, at whatever millisecond it begins. One more or less is where the window happens to cut.
    private static void AssertEverySecond(List<int> sent, double rate, int from, double share = 0.05)
    {
        var last = sent[^1];
        for (var begin = Math.Max(from, sent[0]); begin + Milliseconds <= last; begin += 10)
        {
            var count = sent.Count(at => at >= begin && at < begin + Milliseconds);
            Assert.True(Math.Abs(count - rate) <= (rate * share) + 1, $"{count} in the second from {begin} ms on");
        }

        Assert.True(last >= Math.Max(from, sent[0]) + (2 * Milliseconds), "there was at least one second to look at");
    }

    private Node[] Nodes(double rate, int count) => [.. Enumerable.Range(1, count).Select(id => new Node((short)id, rate, _random.Next(150)))];

    // In steps of a millisecond. An answer of the ledger takes 1 to 6 ms; a sender looks about every 5 ms.
    private async Task<List<int>> RunAsync(double rate, int seconds, Node[] nodes, int begin = 0)
    {
        var start = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(begin);
        List<int> sent = [];
        for (var now = 0; now < seconds * Milliseconds; now++)
        {
            foreach (var node in nodes)
            {
                if (now < node.From || now >= node.Until)
                {
                    continue;
                }

                if (now == node.AnswerAt)
                {
                    node.Rate.Grant(node.Answer, now);
                }

                if (now >= node.LookAt)
                {
                    var taken = node.Look(now);
                    sent.AddRange(Enumerable.Repeat(now, taken));
                    node.LookAt = now + _random.Next(1, 10);
                }

                if ((node.Rate.ShouldAsk && now - node.AskedAt >= 50) || now == node.AskAt)
                {
                    node.AskedAt = now;
                    var (want, askAgain) = node.Rate.TakeWanted(now);
                    node.AskAt = askAgain ? now + 200 + _random.Next(0, 4) : -1;
                    if (want > 0 || node.Told > 0 || !askAgain)
                    {
                        node.Told = want;
                        node.Answer = await AskAsync(node.Id, rate, want, start.AddMilliseconds(now));
                        node.AnswerAt = now + _random.Next(1, 7);
                    }
                }
            }
        }

        return sent;
    }

    private async Task<int> AskAsync(short node, double rate, int want, DateTimeOffset at)
    {
        await using var batch = new NpgsqlBatch(_ledger)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT set_config('test.now', $1, false)") { Parameters = { new() { Value = at.ToString("O") } } },
                new NpgsqlBatchCommand("SELECT rate_grant('carrier-a', $1, $2, $3)")
                {
                    Parameters = { new() { Value = node }, new() { Value = rate }, new() { Value = want } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetInt32(0);
    }

    private sealed class Node(short id, double rate, int from)
    {
        private int _sentAt = -10_000;

        public short Id => id;

        public GrantedRate Rate = new(rate, Milliseconds, now: 0);

        public int From { get; set; } = from;

        public int Until { get; set; } = int.MaxValue;

        /// <summary>Nothing waits from then on.</summary>
        public int Ends { get; set; } = int.MaxValue;

        public int Told { get; set; }

        /// <summary>Milliseconds between two messages; 0 = a backlog without end.</summary>
        public int Every { get; set; }

        public int LookAt { get; set; }

        public int AskAt { get; set; } = -1;

        public int AskedAt { get; set; } = -10_000;

        public int AnswerAt { get; set; } = -1;

        public int Answer { get; set; }

        public int Look(int now)
        {
            var waiting = now >= Ends ? 0 : Every == 0 ? 500 : now - _sentAt >= Every ? 1 : 0;
            var taken = Rate.Take(waiting, now);
            Rate.Missed(waiting - taken);
            _sentAt = taken > 0 ? now : _sentAt;
            return taken;
        }
    }
}
