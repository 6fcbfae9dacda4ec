using System.Globalization;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Tests.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Hold;

/// <summary>Nodes whose ledger really goes away.</summary>
public sealed class OnHoldTests : IAsyncLifetime
{
    private PostgresCluster _postgres = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync();
        _database = await FlowNode.DatabaseAsync(_postgres);
    }

    public async Task DisposeAsync() => await _postgres.DisposeAsync();

    [Fact]
    public async Task Without_the_ledger_everything_is_accepted_under_the_id_it_would_have_had_and_is_one_message_afterwards()
    {
        await using var a = await HoldNode.StartAsync(_database);
        await using var b = await HoldNode.StartAsync(_database, "smsc1.bos");
        var before = await a.Node.SubmitAsync("before", "hello");
        await _postgres.KillAsync();

        var atA = await SubmitAsync(a, "before", 0, 50);
        var atB = await SubmitAsync(b, "before", 0, 50); // the customers come again, elsewhere
        Assert.All(atA.Concat(atB), answer => Assert.Equal(AcceptanceKind.Accepted, answer.Kind));
        Assert.Equal(atA.Select(answer => answer.Id), atB.Select(answer => answer.Id));
        Assert.Equal(before.Id, atA[0].Id);
        Assert.True(a.Holding.IsOn && b.Holding.IsOn);

        await _postgres.RestartAsync();
        await Eventually.TrueAsync(() => a.Journal.Held == 0 && b.Journal.Held == 0, "both journals are played", TimeSpan.FromSeconds(60));

        Assert.Equal(50, await a.CountAsync("entry"));
        Assert.Equal(50, await a.CountAsync("queue"));
        Assert.Equal(0, await a.CountAsync("attempt"));
        Assert.Equal(0, await a.CountAsync("parked"));
        Assert.Equal(AcceptanceKind.Duplicate, (await a.Node.SubmitAsync("k7", "hello")).Kind);
        await Eventually.TrueAsync(() => a.Journal.Segments.Count == 0, "no file is left");
    }

    [Fact]
    public async Task Only_those_who_found_out_waited_and_an_account_that_wants_no_hold_is_refused_at_once()
    {
        await using var node = await HoldNode.StartAsync(_database);
        await _postgres.KillAsync();
        await node.Node.SubmitAsync("first", "hello");
        var began = TimeProvider.System.GetTimestamp();

        var refused = await node.Node.SubmitAsync("mine", "hello", "picky");
        var answers = await SubmitAsync(node, "first", 1, 200);

        Assert.Equal(AcceptanceKind.Unavailable, refused.Kind);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);
        Assert.All(answers, answer => Assert.Equal(AcceptanceKind.Accepted, answer.Kind));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "nobody waits for the ledger (one second each would be minutes)");
    }

    [Fact]
    public async Task Of_two_contents_for_one_key_taken_at_two_nodes_the_second_to_arrive_is_rejected_with_a_receipt_of_the_id_it_was_told()
    {
        await using var a = await HoldNode.StartAsync(_database);
        await using var b = await HoldNode.StartAsync(_database, "smsc1.bos");
        await _postgres.KillAsync();
        var first = await a.Node.SubmitAsync("same", "hello");
        var second = await b.Node.SubmitAsync("same", "goodbye");
        var again = await b.Node.SubmitAsync("same", "goodbye");
        Assert.Equal((first.Id, first.Id), (second.Id, again.Id));
        Assert.Equal(AcceptanceKind.Accepted, second.Kind);

        await _postgres.RestartAsync();
        await Eventually.TrueAsync(() => a.Journal.Held == 0 && b.Journal.Held == 0, "both journals are played", TimeSpan.FromSeconds(60));

        Assert.Equal(1, await a.CountAsync("queue"));
        Assert.Equal(2, await a.CountAsync("entry"));
        var told = new Guid(first.Id.Value.ToByteArray());
        Assert.Equal("8 7 same", await a.ScalarAsync<string>(
            string.Create(CultureInfo.InvariantCulture, $"SELECT state || ' ' || result_code || ' ' || client_message_id FROM outbox WHERE entry_id = '{told}'")));
        Assert.Equal(1, await a.CountAsync("outbox")); // one content, one receipt, however often it was handed in
        Assert.Equal(AcceptanceKind.Conflict, (await a.Node.SubmitAsync("same", "a third")).Kind);
    }

    [Fact]
    public async Task What_stands_behind_the_acknowledged_end_of_a_file_is_not_played()
    {
        await using var node = await HoldNode.StartAsync(_database);
        await _postgres.KillAsync();
        await node.Node.SubmitAsync("acknowledged", "hello");
        var end = node.Journal.Segments[0].Length;
        await node.Node.SubmitAsync("refused", "hello");
        node.Journal.Segments[0].Length = end; // as after a failed fsync whose file could not be cut

        await _postgres.RestartAsync();
        await Eventually.TrueAsync(() => node.Journal.Segments.Count == 0, "the journal is played", TimeSpan.FromSeconds(60));

        Assert.Equal("acknowledged", await node.ScalarAsync<string>("SELECT string_agg(client_message_id, ' ') FROM entry"));
    }

    [Fact]
    public async Task A_node_that_dies_on_hold_plays_what_it_took_at_its_next_start()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");
        await using (var node = await HoldNode.StartAsync(_database, directory: directory))
        {
            await _postgres.KillAsync();
            await SubmitAsync(node, "x", 0, 20);
            await node.Node.KillAsync();
            await node.Journal.DisposeAsync(); // lets go of the lock, as a death does
            CopyAway(directory);
        }

        await _postgres.RestartAsync();
        CopyBack(directory);
        await using var next = await HoldNode.StartAsync(_database, directory: directory);
        await Eventually.TrueAsync(() => next.Journal.Held == 0, "the journal is played", TimeSpan.FromSeconds(60));
        Assert.Equal(20, await next.CountAsync("queue"));
    }

    [Fact]
    public async Task With_hold_off_an_earlier_journal_is_played_and_nothing_is_taken()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");
        await using (var node = await HoldNode.StartAsync(_database, directory: directory))
        {
            await _postgres.KillAsync();
            await SubmitAsync(node, "x", 0, 3);
            await node.Node.KillAsync();
            await node.Journal.DisposeAsync();
            CopyAway(directory);
        }

        await _postgres.RestartAsync();
        CopyBack(directory);
        await using var next = await HoldNode.StartAsync(_database, directory: directory, more: ("Hold:Enabled", "false"));
        Assert.False(await next.Holding.TakeAsync(new HeldReceipt(Facts.Receipt())));
        await Eventually.TrueAsync(() => next.Journal.Held == 0, "the journal is played", TimeSpan.FromSeconds(60));
        Assert.Equal(3, await next.CountAsync("queue"));

        await _postgres.KillAsync();
        next.Holding.LedgerIsAway("a test");
        Assert.False(next.Holding.IsOn);
        await _postgres.RestartAsync();
    }

    [Fact]
    public async Task Acknowledgements_and_MOs_that_come_on_hold_are_in_the_ledger_afterwards_once()
    {
        await using var node = await HoldNode.StartAsync(_database);
        await node.Node.BringMoAsync("acme");
        var delivery = await node.ScalarAsync<Guid>("SELECT delivery_id FROM outbox");
        await _postgres.KillAsync();
        await node.Node.SubmitAsync("finds out", "hello");
        node.Node.Get<Deliveries>().Acknowledge(
            new Delivery
            {
                Id = delivery,
                Account = "acme",
                Kind = DeliveryKind.Mo,
                Protocol = Protocol.Smpp,
                CreatedAt = default,
                DueAt = default,
                MessageId = new MessageId(delivery),
                Day = default,
                Source = "1",
                Destination = "2",
                AcceptedAt = default,
            },
            "acme@smsc1.dc3#1");
        Assert.True(await node.Holding.TakeAsync(new HeldMo(Facts.Mo() with { CarrierKey = null, At = TimeProvider.System.GetUtcNow() })));
        await Eventually.TrueAsync(() => node.Journal.Records == 3, "all three are on the disk");

        await _postgres.RestartAsync();
        await Eventually.TrueAsync(() => node.Journal.Held == 0, "the journal is played", TimeSpan.FromSeconds(60));

        Assert.Equal(1, await node.CountAsync($"delivery_end WHERE delivery_id = '{delivery}'"));
        Assert.Equal(1, await node.CountAsync("outbox"));
        Assert.Equal(2, await node.CountAsync("mo"));
    }

    private static async Task<List<AcceptanceResult>> SubmitAsync(HoldNode node, string first, int from, int to)
    {
        var answers = new List<Task<AcceptanceResult>>();
        for (var i = from; i < to; i++)
        {
            answers.Add(node.Node.SubmitAsync(i == 0 ? first : $"k{i}", "hello"));
        }

        return [.. await Task.WhenAll(answers)];
    }

    private static void CopyAway(string directory) => Directory.Move(directory, directory + ".kept");

    private static void CopyBack(string directory) => Directory.Move(directory + ".kept", directory);
}
