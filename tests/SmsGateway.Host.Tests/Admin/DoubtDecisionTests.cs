using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Tests.Hold;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>What operators decide about doubts, and what they see of it.</summary>
public sealed class DoubtDecisionTests : IAsyncLifetime
{
    private const string Lost = """{"decision":"give_up","filter":{}}""";
    private DoubtBench _bench = null!;

    private AdminBench Bos => _bench.Bos;

    public async Task InitializeAsync() => _bench = await DoubtBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task An_operator_sends_again_what_has_drained_and_finds_it_marked_and_audited()
    {
        var id = await _bench.OpenAsync();
        await _bench.OpenAsync(account: "acme");
        await _bench.LeaveAsync();
        const string Order = """{"decision":"resend","filter":{"connector":"carrier-a","account":"demo"},"note":"carrier lost power"}""";

        var early = await DecideAsync(Order);
        Assert.Equal((1, 0, 1), (Number(early, "matched"), Number(early, "decided"), Number(early, "too_early")));
        Assert.Empty((await Bos.GetAsync("/admin/v1/audit")).Body.EnumerateArray());

        await _bench.AgoAsync(31);
        var dry = await DecideAsync(Order.Replace("{\"decision\"", "{\"dry_run\":true,\"decision\"", StringComparison.Ordinal));
        Assert.Equal((1, 1, true), (Number(dry, "matched"), Number(dry, "decided"), dry.GetProperty("dry_run").GetBoolean()));
        Assert.Equal(2, (await Bos.GetAsync("/admin/v1/doubts")).Body.GetProperty("total").GetInt32());

        var decided = await DecideAsync(Order);
        Assert.Equal((1, 1, 0, 0), (Number(decided, "matched"), Number(decided, "decided"), Number(decided, "too_early"), Number(decided, "not_in_doubt")));
        Assert.Equal(1, (await Bos.GetAsync("/admin/v1/doubts")).Body.GetProperty("total").GetInt32());

        var audit = Assert.Single((await Bos.GetAsync("/admin/v1/audit")).Body.EnumerateArray());
        Assert.Equal("night-shift", audit.GetProperty("actor").GetString());
        Assert.Equal("doubts decided", audit.GetProperty("action").GetString());
        Assert.Equal($"resend (connector carrier-a, account demo): {id}/1/1", audit.GetProperty("target").GetString());
        Assert.Equal("1 decided", audit.GetProperty("after").GetString());
        Assert.Equal("carrier lost power", audit.GetProperty("note").GetString());

        var (_, list) = await Bos.GetAsync("/admin/v1/messages?possible_duplicate=true");
        var row = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal((id, "demo", "operator"), (row.GetProperty("id").GetString(), row.GetProperty("account").GetString(), row.GetProperty("why").GetString()));
        var trace = (await Bos.GetAsync("/admin/v1/messages/" + id)).Body;
        Assert.True(trace.GetProperty("possible_duplicate").GetBoolean());
        Assert.Equal("accepted", trace.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Single_attempts_are_given_up_or_known_to_be_sent_and_what_is_answered_meanwhile_is_counted()
    {
        var (lost, sent) = (await _bench.OpenAsync(), await _bench.OpenAsync());
        await _bench.LeaveAsync();
        var gaveUp = await DecideAsync($$"""{"decision":"give_up","doubts":[{"id":"{{lost}}","segment":1,"attempt":1},{"id":"{{sent}}","attempt":7}]}""");
        Assert.Equal((1, 1, 1), (Number(gaveUp, "matched"), Number(gaveUp, "decided"), Number(gaveUp, "not_in_doubt")));
        Assert.Equal(1, Number(await DecideAsync($$"""{"decision":"sent","doubts":[{"id":"{{sent}}"}]}"""), "decided"));
        Assert.Equal("unknown", (await Bos.GetAsync("/admin/v1/messages/" + lost)).Body.GetProperty("state").GetString());
        Assert.Equal("submitted", (await Bos.GetAsync("/admin/v1/messages/" + sent)).Body.GetProperty("state").GetString());
        Assert.Equal(0, (await Bos.GetAsync("/admin/v1/messages?possible_duplicate=true")).Body.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task When_a_bind_of_a_live_node_ended_only_that_node_knows()
    {
        await _bench.OpenAsync();
        await _bench.Dc3.LookAsync();
        const string Order = """{"decision":"resend","filter":{}}""";
        var elsewhere = await DecideAsync(Order);
        Assert.Equal((1, 0), (Number(elsewhere, "matched"), Number(elsewhere, "decided")));
        Assert.Equal("smsc1.dc3", Assert.Single(elsewhere.GetProperty("ask_nodes").EnumerateArray()).GetString());

        var lingering = _bench.Dc3.Services.GetRequiredService<LingeringBinds>();
        lingering.Opened(DoubtBench.Bind);
        lingering.Closed(DoubtBench.Bind);
        var early = (await _bench.Dc3.PostAsync("/admin/v1/doubts/decide", Order)).Body;
        Assert.Equal((1, 0, 1), (Number(early, "matched"), Number(early, "decided"), Number(early, "too_early")));
        Assert.Equal(1, Number(await DecideAsync("""{"decision":"give_up","filter":{"node":"smsc1.dc3"}}"""), "decided"));
    }

    [Theory]
    [InlineData("resend")]
    [InlineData("give_up")]
    [InlineData("sent")]
    public async Task What_a_node_with_a_journal_may_know_is_left_alone_and_named_unless_the_operator_forces_it(string decision)
    {
        var id = await _bench.OpenAsync();
        await _bench.LeaveAsync();
        await _bench.AgoAsync(31);
        await _bench.SqlAsync("UPDATE node SET held = 5 WHERE name = 'smsc1.dc3'");
        var untold = await DecideAsync($$$"""{"decision":"{{{decision}}}","filter":{}}""");
        Assert.Equal((1, 0, 1, 0), (Number(untold, "matched"), Number(untold, "decided"), Number(untold, "untold"), Number(untold, "not_in_doubt")));
        Assert.Equal("smsc1.dc3", Assert.Single(untold.GetProperty("untold_nodes").EnumerateArray()).GetString());
        Assert.Equal("submitting", (await Bos.GetAsync("/admin/v1/messages/" + id)).Body.GetProperty("state").GetString());

        var forced = await DecideAsync($$$"""{"decision":"{{{decision}}}","filter":{},"force":true}""");
        Assert.Equal((1, 1, 0), (Number(forced, "matched"), Number(forced, "decided"), Number(forced, "untold")));
        Assert.Equal($"{decision} (all, forced): {id}/1/1", (await Bos.GetAsync("/admin/v1/audit")).Body.EnumerateArray().First().GetProperty("target").GetString());
    }

    [Fact]
    public async Task Of_its_own_attempts_a_node_decides_none_while_its_journal_is_to_be_played()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");
        try
        {
            await using var bench = await DoubtBench.StartAsync(directory);
            await bench.OpenAsync();
            var holding = bench.Dc3.Services.GetRequiredService<Holding>();
            holding.Open();
            Assert.True(await holding.TakeAsync(new HeldReceipt(Facts.Receipt() with { At = TimeProvider.System.GetUtcNow() })));
            var body = (await bench.Dc3.PostAsync("/admin/v1/doubts/decide", Lost)).Body;
            Assert.Equal((1, 0, 1), (Number(body, "matched"), Number(body, "decided"), Number(body, "untold")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task An_attempt_that_was_begun_a_moment_ago_may_yet_turn_out_as_not_sent()
    {
        await _bench.OpenAsync(ago: TimeSpan.Zero);
        var young = (await _bench.Dc3.PostAsync("/admin/v1/doubts/decide", Lost)).Body;
        Assert.Equal((1, 0, 1), (Number(young, "matched"), Number(young, "decided"), Number(young, "untold")));
    }

    [Fact]
    public async Task An_attempt_whose_end_is_on_its_way_to_the_ledger_is_not_in_doubt()
    {
        await _bench.OpenAsync();
        using (var outcomes = _bench.Dc3.Services.GetRequiredService<UntoldEnds>().Open())
        {
            outcomes.Enter(DoubtBench.Bind);
            Assert.Equal(0, Number((await _bench.Dc3.PostAsync("/admin/v1/doubts/decide", Lost)).Body, "matched"));
        }

        Assert.Equal(1, Number((await _bench.Dc3.PostAsync("/admin/v1/doubts/decide", Lost)).Body, "decided"));
    }

    [Fact]
    public async Task The_list_says_what_the_policy_is_and_how_long_the_epoch_is_gone()
    {
        await _bench.OpenAsync();
        await _bench.LeaveAsync();
        await _bench.AgoAsync(100);
        DoubtBench.Policy(Bos, new CarrierDoubt { Interactive = DoubtPolicy.Resend });
        var doubt = Assert.Single((await Bos.GetAsync("/admin/v1/doubts")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal("resend", doubt.GetProperty("policy").GetString());
        Assert.InRange(doubt.GetProperty("epoch_gone_seconds").GetDouble(), 100, 10_000);
    }

    [Theory]
    [InlineData("""{"decision":"forget","filter":{}}""", "resend, give_up or sent")]
    [InlineData("""{"decision":"resend"}""", "either doubts")]
    [InlineData("""{"decision":"resend","filter":{},"doubts":[]}""", "either doubts")]
    [InlineData("""{"decision":"resend","doubts":[]}""", "from 1 to 10000")]
    [InlineData("""{"decision":"resend","doubts":[{"id":"x"}]}""", "doubts[0].id")]
    [InlineData("""{"decision":"resend","doubts":[null]}""", "doubts[0].id")]
    [InlineData("""{"decision":"resend","filter":{"conector":"carrier-a"}}""", "$.filter.conector")]
    [InlineData("""{"decision":"resend","filter":{"limit":0}}""", "filter.limit")]
    [InlineData("""{"decision":"resend","filter":{"older_than":"soon"}}""", "$.filter.older_than")]
    [InlineData("""{"decision":"resend","filter":{"older_than":"10000000.00:00:00"}}""", "older_than must be from")]
    [InlineData("""{"decision":"resend","filter":{},"note":"two\nlines"}""", "control character")]
    [InlineData("decision=resend", "must be JSON")]
    [InlineData("null", "must be JSON")]
    public async Task What_makes_no_sense_is_refused_and_says_why(string body, string reason)
    {
        var (status, problem) = await Bos.PostAsync("/admin/v1/doubts/decide", body);
        Assert.Equal(400, status);
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doubts/decide", """{"decision":"resend","filter":{}}""")]
    [InlineData("parked/redrive", """{"filter":{}}""")]
    [InlineData("parked/discard", """{"filter":{}}""")]
    public async Task A_viewer_decides_nothing(string path, string body) =>
        Assert.Equal(403, (await Bos.PostAsync("/admin/v1/" + path, body, AdminBench.ViewerKey)).Status);

    [Fact]
    public async Task Possible_duplicates_are_paged_and_one_trace_still_needs_its_two_names()
    {
        for (var i = 0; i < 3; i++)
        {
            await _bench.OpenAsync();
        }

        await _bench.LeaveAsync();
        await _bench.AgoAsync(31);
        Assert.Equal(3, Number(await DecideAsync("""{"decision":"resend","filter":{}}"""), "decided"));
        var (_, page) = await Bos.GetAsync("/admin/v1/messages?possible_duplicate=true&limit=2&offset=2");
        Assert.Equal((3, 1), (page.GetProperty("total").GetInt32(), page.GetProperty("items").GetArrayLength()));
        Assert.Equal(400, (await Bos.GetAsync("/admin/v1/messages?account=demo")).Status);
        Assert.Equal(404, (await Bos.GetAsync("/admin/v1/messages?account=demo&message_id=none")).Status);
    }

    [Fact]
    public async Task Parked_rows_are_counted_driven_again_and_discarded()
    {
        var id = await _bench.OpenAsync(bind: null);
        await _bench.SqlAsync("""
            WITH gone AS (DELETE FROM queue RETURNING *)
            INSERT INTO parked (at, id, entry_id, entry_day, segment, kind, reason, connector, account)
            SELECT now(), gen_random_uuid(), id, day, segment, 'segment', 'cannot be written', connector, 'demo' FROM gone;
            INSERT INTO parked (at, id, kind, reason, connector) VALUES (now(), gen_random_uuid(), 'receipt_unmatched', 'no attempt', 'carrier-a')
            """);
        Assert.Equal("parked", (await Bos.GetAsync("/admin/v1/messages/" + id)).Body.GetProperty("state").GetString());
        var dry = await ParkedAsync("redrive", """{"filter":{},"dry_run":true}""");
        Assert.Equal((2, 1, 1), (Number(dry, "matched"), Number(dry, "segments"), Number(dry, "left")));
        var driven = await ParkedAsync("redrive", """{"filter":{"kind":"segment"},"note":"fixed"}""");
        Assert.Equal((1, 1, 0), (Number(driven, "matched"), Number(driven, "segments"), Number(driven, "left")));
        Assert.Equal("accepted", (await Bos.GetAsync("/admin/v1/messages/" + id)).Body.GetProperty("state").GetString());
        var left = Assert.Single((await Bos.GetAsync("/admin/v1/parked")).Body.GetProperty("items").EnumerateArray()).GetProperty("id").GetString();
        Assert.Equal(1, Number(await ParkedAsync("discard", $$"""{"ids":["{{left}}"]}"""), "discarded"));
        Assert.Equal(["parked discarded", "parked redriven"], (await Bos.GetAsync("/admin/v1/audit")).Body.EnumerateArray().Select(a => a.GetProperty("action").GetString()));
        Assert.Equal(400, (await Bos.PostAsync("/admin/v1/parked/redrive", """{"ids":["x"]}""")).Status);
        Assert.Equal(400, (await Bos.PostAsync("/admin/v1/parked/redrive", "{}")).Status);
        Assert.Equal(400, (await Bos.PostAsync("/admin/v1/parked/redrive", """{"filter":{"kynd":"segment"}}""")).Status);
    }

    private static int Number(JsonElement body, string name) => body.GetProperty(name).GetInt32();

    private async Task<JsonElement> DecideAsync(string body) => await OkAsync("doubts/decide", body);

    private async Task<JsonElement> ParkedAsync(string what, string body) => await OkAsync("parked/" + what, body);

    private async Task<JsonElement> OkAsync(string path, string body)
    {
        var (status, answer) = await Bos.PostAsync("/admin/v1/" + path, body);
        Assert.True(status == 200, answer.ToString());
        return answer;
    }
}
