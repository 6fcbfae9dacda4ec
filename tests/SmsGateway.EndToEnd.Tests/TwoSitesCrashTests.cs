using System.Text.Json;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>Nodes of two sites that die, freeze or are restarted under load. The long form is in docs/performance.md.</summary>
public sealed class TwoSitesCrashTests(TwoSites sites) : IClassFixture<TwoSites>
{
    private const int Messages = 12_000;
    private const int BindsPerNode = 4; // two of each carrier
    private const int Window = 100;
    private readonly GatewayTopology _gateway = sites.Gateway;

    [Fact]
    public async Task A_site_killed_under_load_loses_nothing_and_what_it_owned_goes_on_at_the_other()
    {
        var site = _gateway.Nodes.Where(node => node.Site == "bos").ToList();
        await using var load = LoadRun.Smpp(_gateway, Messages);
        await load.UnderWayAsync();
        await Task.WhenAll(site.Select(node => node.KillAsync()));

        var counts = await load.PassedAsync();

        Assert.Equal(Messages, Number(counts, "accepted"));
        Assert.Equal(Messages, Number(counts, "emitted") + Number(counts, "inDoubtUnseen"));
        Assert.Equal(0, Number(counts, "duplicated"));
        Assert.InRange(Number(counts, "doubtsListed"), 0, site.Count * BindsPerNode * Window);
        await _gateway.StartAsync(site);
    }

    [Fact]
    public async Task A_node_frozen_beyond_its_lease_sends_nothing_that_was_taken_over_when_it_wakes()
    {
        var frozen = _gateway.NodeOf("smsc2.dc3");
        var epoch = await EpochAsync(frozen);
        await using var load = LoadRun.Smpp(_gateway, Messages);
        await load.UnderWayAsync();
        frozen.Suspend();
        await TestKit.Eventually.TrueAsync(
            async () => await EpochAsync(frozen) > epoch, "another node has taken it over", TimeSpan.FromSeconds(60));
        frozen.Resume();

        var counts = await load.PassedAsync();

        Assert.Equal(Messages, Number(counts, "emitted") + Number(counts, "inDoubtUnseen"));
        Assert.Equal(0, Number(counts, "duplicated"));
        await _gateway.StartAsync([]); // it holds a new epoch and is ready
    }

    [Fact]
    public async Task All_nodes_restarted_in_turn_under_load_lose_refuse_and_doubt_nothing()
    {
        await using var load = LoadRun.Smpp(_gateway, Messages);
        await load.UnderWayAsync();
        foreach (var node in _gateway.Nodes)
        {
            await _gateway.RestartAsync(node.Name);
        }

        var counts = await load.PassedAsync();

        Assert.Equal(Messages, Number(counts, "emitted"));
        Assert.Equal(0, Number(counts, "inDoubt"));
        Assert.Equal((0, 0), (Number(counts, "refused"), Number(counts, "throttled")));
    }

    private static int Number(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();

    private async Task<long> EpochAsync(GatewayNode node) => (await _gateway.AdminAsync("nodes")).EnumerateArray()
        .Single(row => row.GetProperty("name").GetString() == node.Name).GetProperty("epoch").GetInt64();
}
