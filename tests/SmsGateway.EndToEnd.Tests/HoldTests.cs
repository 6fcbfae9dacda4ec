using System.Text.Json;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>Two nodes whose ledger goes away under load. The long form is a drill.</summary>
public sealed class HoldTests : IAsyncLifetime
{
    private const int Messages = 20_000;
    private readonly GatewayTopology _gateway = GatewayTopology.TwoNodes();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_ledger_that_is_silent_under_load_costs_no_refusal_and_everything_is_emitted_once_afterwards()
    {
        await using var load = LoadRun.Smpp(_gateway, Messages, "--settle", "150", "--quiet", "60");
        await load.UnderWayAsync();
        var frozen = TimeProvider.System.GetTimestamp();
        _gateway.Postgres.Freeze();
        await Eventually.TrueAsync(async () => await HeldAsync(_gateway.Nodes[0]) > 0 && await HeldAsync(_gateway.Nodes[1]) > 0, "both nodes hold", TimeSpan.FromSeconds(60));

        // Customers who come again with the same id, at the other node.
        var ids = Enumerable.Range(0, 50).Select(number => $"again-{Guid.NewGuid():n}-{number}").ToList();
        var first = await PostAsync(_gateway.Nodes[0], ids);
        var second = await PostAsync(_gateway.Nodes[1], ids);
        Assert.Equal(first, second);
        using (var ready = await _gateway.Http.GetAsync(new Uri(_gateway.Admin, "/health/ready")))
        {
            var health = JsonSerializer.Deserialize<JsonElement>(await ready.Content.ReadAsStringAsync());
            Assert.True(ready.IsSuccessStatusCode, health.ToString());
            Assert.Contains("on hold since", health.GetProperty("hold").GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        // Well beyond the lease.
        await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(frozen) > TimeSpan.FromSeconds(15), "15 s are over", TimeSpan.FromSeconds(60));
        _gateway.Postgres.Thaw();

        var counts = await load.PassedAsync();

        Assert.Equal(Messages, Number(counts, "accepted"));
        Assert.Equal(0, Number(counts, "duplicated"));
        Assert.Equal(0, Number(counts, "refused"));
        await Eventually.TrueAsync(async () => await HeldAsync(_gateway.Nodes[0]) + await HeldAsync(_gateway.Nodes[1]) == 0, "both journals are played", TimeSpan.FromSeconds(60));
        await EmittedOnceAsync(ids);
    }

    [Fact]
    public async Task A_node_killed_while_it_holds_loses_nothing_that_it_acknowledged()
    {
        var node = _gateway.Nodes[0];
        await _gateway.Postgres.KillAsync();
        var ids = Enumerable.Range(0, 300).Select(number => $"held-{Guid.NewGuid():n}-{number}").ToList();
        await PostAsync(node, ids);
        await node.KillAsync();

        await _gateway.Postgres.RestartAsync();
        await _gateway.StartAsync([node]);

        await Eventually.TrueAsync(async () => await HeldAsync(node) == 0, "the journal is played", TimeSpan.FromSeconds(60));
        await EmittedOnceAsync(ids);
    }

    private static int Number(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();

    private async Task<long> HeldAsync(GatewayNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Admin, "/admin/v1/hold"));
        request.Headers.Add("X-Api-Key", "local-admin-key");
        using var response = await _gateway.Http.SendAsync(request);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("records").GetInt64();
    }

    private async Task<List<string>> PostAsync(GatewayNode node, List<string> ids)
    {
        var answers = await Task.WhenAll(ids.Select(id => _gateway.PostAsync(node, ("message_id", id), ("message", id))));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        return [.. answers.Select(answer => answer.Body.GetProperty("id").GetString()!)];
    }

    private async Task EmittedOnceAsync(List<string> ids)
    {
        var marker = ids[0][..5];
        await Eventually.TrueAsync(async () => await SeenAsync(marker) >= ids.Count, "all are emitted", TimeSpan.FromSeconds(60));
        Assert.Equal(ids.Count, await SeenAsync(marker));
    }

    private async Task<int> SeenAsync(string marker) =>
        (await _gateway.SubmitsAsync(_gateway.CarrierA, marker)).Length + (await _gateway.SubmitsAsync(_gateway.CarrierB, marker)).Length;
}
