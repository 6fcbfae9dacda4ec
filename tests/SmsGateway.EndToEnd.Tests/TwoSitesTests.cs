using SmsGateway.EndToEnd.Tests.Topology;
using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>Four nodes at two sites on one ledger.</summary>
public sealed class TwoSitesTests : IAsyncLifetime
{
    private readonly GatewayTopology _gateway = GatewayTopology.TwoSites();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Every_node_accepts_an_MT_that_reaches_a_carrier_also_after_its_restart()
    {
        Assert.Equal(["dc3", "dc3", "bos", "bos"], _gateway.Nodes.Select(node => node.Site));
        foreach (var node in _gateway.Nodes)
        {
            await AcceptedAndEmittedAsync(node, $"from {node.Name}");
        }

        await _gateway.RestartAsync("smsc2.bos");
        await AcceptedAndEmittedAsync(_gateway.NodeOf("smsc2.bos"), "after its restart");
    }

    private async Task AcceptedAndEmittedAsync(GatewayNode node, string text)
    {
        var (status, _, _) = await _gateway.PostAsync(node, ("message", text));

        Assert.Equal(200, status);
        await Eventually.TrueAsync(
            async () => (await _gateway.SubmitsAsync(_gateway.CarrierA, text)).Length == 1, $"the message handed to {node.Name} is at the carrier");
    }
}
