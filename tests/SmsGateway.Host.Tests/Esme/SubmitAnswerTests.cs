using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class SubmitAnswerTests
{
    [Theory]
    [InlineData("submit", nameof(AcceptanceKind.Accepted))]
    [InlineData("duplicate", nameof(AcceptanceKind.Duplicate))]
    [InlineData("content", nameof(AcceptanceKind.Duplicate))]
    public async Task Ok_carries_the_id_of_the_verdict(string row, string kind)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync(BindType.Transmitter);
        var id = new MessageId(Guid.NewGuid());
        bench.Answer = _ => ValueTask.FromResult(new AcceptanceResult(Enum.Parse<AcceptanceKind>(kind), id, 1));

        var response = await client.SubmitAsync(EsmeBench.Message());

        Assert.Equal((ProfileTable.Status(row), id.ToString()), (response.Status, response.MessageId));
    }

    [Theory]
    [InlineData("conflict", nameof(AcceptanceKind.Conflict))]
    [InlineData("rate", nameof(AcceptanceKind.RateLimited))]
    [InlineData("queue", nameof(AcceptanceKind.QueueFull))]
    [InlineData("no-ledger", nameof(AcceptanceKind.Unavailable))]
    [InlineData("draining", nameof(AcceptanceKind.Draining))]
    [InlineData("too-long", nameof(AcceptanceKind.TooLong))]
    [InlineData("no-route", nameof(AcceptanceKind.NoRoute))]
    [InlineData("carrier", nameof(AcceptanceKind.UnknownCarrier))]
    [InlineData("unencodable", nameof(AcceptanceKind.Unencodable))]
    public async Task Every_other_answer_has_its_status_and_no_body(string row, string kind)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        bench.Answer = _ => ValueTask.FromResult(EsmeBench.Accepted(Enum.Parse<AcceptanceKind>(kind)));

        var sequence = await client.SendAsync(EsmeBench.Message());

        var response = await client.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((ProfileTable.Status(row), sequence), (response.Status, response.Sequence));
        Assert.Null(response.MessageId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("row", "internal")]
    public async Task A_defect_is_answered_and_logged_and_the_bind_goes_on(bool atOnce)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        bench.Answer = _ => atOnce
            ? throw new InvalidOperationException("broken")
            : new ValueTask<AcceptanceResult>(Task.FromException<AcceptanceResult>(new InvalidOperationException("broken")));

        Assert.Equal(ProfileTable.Status("internal"), (await client.SubmitAsync(EsmeBench.Message())).Status);

        bench.Answer = _ => ValueTask.FromResult(EsmeBench.Accepted());
        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);
        Assert.Contains(bench.Log.All, line => line.StartsWith("2007 ", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("row", "window")]
    public async Task Twice_the_window_is_taken_and_the_rest_is_throttled_at_once()
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { Window = 3 } });
        await using var client = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);

        for (var i = 0; i < 8; i++)
        {
            await client.SendAsync(EsmeBench.Message());
        }

        var throttled = new[] { await client.ReceiveAsync<SubmitSmResp>(), await client.ReceiveAsync<SubmitSmResp>() };
        Assert.All(throttled, response => Assert.Equal(ProfileTable.Status("window"), response.Status));
        Assert.Equal([8u, 9u], throttled.Select(response => response.Sequence)); // the bind was number 1
        await client.NothingElseComesAsync();

        verdict.SetResult(EsmeBench.Accepted());
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(CommandStatus.Ok, (await client.ReceiveAsync<SubmitSmResp>()).Status);
        }

        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);
    }

    [Fact]
    [Trait("row", "node-full")]
    public async Task The_limit_of_the_node_holds_over_all_binds()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.MaxOutstandingPerNode = 1);
        await using var one = await bench.BoundAsync();
        await using var other = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);

        await one.SendAsync(EsmeBench.Message());
        await bench.SubmissionAsync();

        Assert.Equal(ProfileTable.Status("node-full"), (await other.SubmitAsync(EsmeBench.Message())).Status);
        verdict.SetResult(EsmeBench.Accepted());
        Assert.Equal(CommandStatus.Ok, (await one.ReceiveAsync<SubmitSmResp>()).Status);
        Assert.Equal(CommandStatus.Ok, (await other.SubmitAsync(EsmeBench.Message())).Status);
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_verdicts_under_their_own_numbers()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var verdicts = new Dictionary<string, TaskCompletionSource<AcceptanceResult>> { ["a"] = new(), ["b"] = new() };
        bench.Answer = submission => new ValueTask<AcceptanceResult>(verdicts[submission.Text!].Task);

        var a = await client.SendAsync(EsmeBench.Message("a"));
        var b = await client.SendAsync(EsmeBench.Message("b"));
        await bench.SubmissionAsync();
        await bench.SubmissionAsync();
        verdicts["b"].SetResult(EsmeBench.Accepted());
        Assert.Equal(b, (await client.ReceiveAsync<SubmitSmResp>()).Sequence);
        verdicts["a"].SetResult(EsmeBench.Accepted());
        Assert.Equal(a, (await client.ReceiveAsync<SubmitSmResp>()).Sequence);
    }

    [Fact]
    public async Task A_client_that_goes_while_its_claim_is_under_way_leaves_nothing_behind()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.MaxOutstandingPerNode = 1);
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        await using (var client = await bench.BoundAsync())
        {
            bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);
            await client.SendAsync(EsmeBench.Message());
            await bench.SubmissionAsync();
        }

        await Eventually.TrueAsync(() => bench.Server.Connections == 0, "the connection is over");
        verdict.SetResult(EsmeBench.Accepted());
        await using var next = await bench.BoundAsync();
        bench.Answer = _ => ValueTask.FromResult(EsmeBench.Accepted());
        Assert.Equal(CommandStatus.Ok, (await next.SubmitAsync(EsmeBench.Message())).Status);
    }
}
