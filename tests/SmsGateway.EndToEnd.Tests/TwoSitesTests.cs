using System.Text.Json;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>Four nodes at two sites on one ledger, for the tests of a class.</summary>
public sealed class TwoSites : IAsyncLifetime
{
    public GatewayTopology Gateway { get; } = GatewayTopology.TwoSites();

    // Patient: on a slow machine the ledger is away for seconds, and on hold a repeat is not known as one.
    public Task InitializeAsync()
    {
        (Gateway.Options["Ledger__LeaseValidFor"], Gateway.Options["Ledger__LeaseDeadAfter"]) = ("00:00:20", "00:00:25");
        return Gateway.InitializeAsync();
    }

    public Task DisposeAsync() => Gateway.DisposeAsync();
}

/// <summary>What any of four nodes accepts is sent once, and what comes back finds the customer wherever it is bound.</summary>
public sealed class TwoSitesTests(TwoSites sites) : IClassFixture<TwoSites>
{
    private readonly GatewayTopology _gateway = sites.Gateway;

    [Fact]
    public async Task One_id_at_all_four_nodes_at_once_is_one_message_with_one_answer()
    {
        for (var n = 0; n < 25; n++)
        {
            var id = $"four-{n}";
            var posts = await Task.WhenAll(_gateway.Nodes.Select(node => _gateway.PostAsync(node, ("message_id", id), ("message", "once " + id))));
            Assert.All(posts, post => Assert.Equal(200, post.Status));
            Assert.Single(posts.Select(post => post.Body.GetProperty("id").GetString()).Distinct());
            Assert.Equal(3, posts.Count(post => post.Response.Headers.Contains("X-Duplicate")));
        }

        await Eventually.TrueAsync(async () => (await SubmitsAsync("once four-")).Length >= 25, "all 25 are at a carrier");
        Assert.Equal(25, (await SubmitsAsync("once four-")).Length);
    }

    [Fact]
    public async Task A_receipt_and_an_MO_reach_the_customer_at_the_one_node_where_it_is_bound()
    {
        // The receipt comes when only the bind at the last node is left.
        await DelayReceiptsAsync(6000);
        var last = _gateway.Nodes[^1];
        var script = Path.Combine(RepositoryPaths.Root, "tests", "interop", "roaming.js");
        await using var customer = ProcessUnderTest.Start("node", [script, string.Join(',', _gateway.Nodes.Select(node => node.Smpp)), "acme", "acme1234"]);
        await customer.WaitForLineAsync("\"alone\":true");
        var receipt = JsonSerializer.Deserialize<JsonElement>(await customer.WaitForLineAsync("\"deliver\":\"receipt\""));
        Assert.Equal(last.Smpp, receipt.GetProperty("at").GetString());
        await DelayReceiptsAsync(0);

        foreach (var (carrier, text) in new[] { (_gateway.CarrierA, "first reply"), (_gateway.CarrierB, "second reply") })
        {
            await _gateway.OrderAsync(carrier, "/mo", new { source = "447700900777", destination = "67890", text });
            var mo = JsonSerializer.Deserialize<JsonElement>(await customer.WaitForLineAsync(text));
            Assert.Equal(last.Smpp, mo.GetProperty("at").GetString());
        }

        Assert.Equal(3, customer.Output.Split('\n').Count(line => line.Contains("\"deliver\":", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_drained_site_refuses_hands_over_and_is_hot_again_without_a_restart()
    {
        await _gateway.PutAsync("sites/bos/mode", new { mode = "draining", note = "a test" });
        var drained = _gateway.NodeOf("smsc1.bos");
        await Eventually.TrueAsync(async () => (await _gateway.PostAsync(drained)).Status == 503, "a node of the drained site refuses MTs");
        await Eventually.TrueAsync(
            async () => (await _gateway.AdminAsync("nodes")).EnumerateArray().Where(node => node.GetProperty("site").GetString() == "bos")
                .All(node => node.GetProperty("drained").GetBoolean()),
            "both nodes of the site are drained");
        Assert.Equal(200, (await _gateway.PostAsync(_gateway.NodeOf("smsc1.dc3"))).Status);

        await _gateway.PutAsync("sites/bos/mode", new { mode = "hot" });
        await Eventually.TrueAsync(async () => (await _gateway.PostAsync(drained)).Status == 200, "the site accepts again");
        await _gateway.StartAsync([]); // its customers' binds and its own are back
    }

    [Fact]
    public async Task A_rate_is_shared_by_all_nodes_and_never_exceeded_when_one_dies()
    {
        const int Tps = 100;
        var document = await _gateway.HostAsync(0, "config", "export");
        document = document[document.IndexOf('{', StringComparison.Ordinal)..];
        await _gateway.ApplyAsync(SeedDocument.With(document, "carriers", "carrier-a", "tps", Tps));
        await _gateway.FollowedAsync();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(n => _gateway.PostAsync(_gateway.Nodes[n % 4], ("message", $"paced {n}"))));
        await Eventually.TrueAsync(async () => (await SubmitsAsync("paced ")).Length >= 200, "some are sent");
        var killed = _gateway.NodeOf("smsc2.bos");
        await killed.KillAsync();
        await Eventually.TrueAsync(
            async () => (await SubmitsAsync("paced ")).Length + (await _gateway.AdminAsync("doubts?limit=1")).GetProperty("total").GetInt32() >= 1_000,
            "all are sent or known to be in doubt",
            TimeSpan.FromSeconds(90));
        await _gateway.ApplyAsync(document);
        await _gateway.StartAsync([killed]);

        // Being slow is no fault here; being faster than the contract is. Half a second's worth may be granted at once, a tenth saved up at each node,
        // and a carrier that was not scheduled for a second finds what came meanwhile.
        var at = (await _gateway.SubmitsAsync(_gateway.CarrierA, "paced ")).Select(submit => submit.GetProperty("receivedAt").GetDateTimeOffset()).Order().ToArray();
        for (var from = 0; from < at.Length; from++)
        {
            for (var to = from; to < at.Length; to++)
            {
                var seconds = (at[to] - at[from]).TotalSeconds;
                Assert.True(to - from + 1 <= Tps * (seconds + 0.5 + (_gateway.Nodes.Count * 0.1) + 1), $"{to - from + 1} submits within {seconds} s");
            }
        }
    }

    private async Task<JsonElement[]> SubmitsAsync(string contains) =>
        [.. await _gateway.SubmitsAsync(_gateway.CarrierA, contains), .. await _gateway.SubmitsAsync(_gateway.CarrierB, contains)];

    private Task<JsonElement> DelayReceiptsAsync(int milliseconds) =>
        _gateway.OrderAsync(_gateway.CarrierA, "/behaviour", new { receipts = new { delayMs = milliseconds } });
}
