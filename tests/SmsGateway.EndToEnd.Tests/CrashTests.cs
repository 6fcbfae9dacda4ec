using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>A node that dies or stops under load. The long form is in docs/performance.md.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const int Binds = 4; // two of each carrier
    private const int Window = 100;
    private readonly GatewayTopology _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_node_killed_under_load_loses_nothing_sends_nothing_twice_and_lists_what_is_in_doubt()
    {
        await using var load = LoadRun.Smpp(_gateway, 15_000);
        await load.UnderWayAsync();
        _gateway.Node.Kill();
        await _gateway.Node.WaitForExitAsync();
        await _gateway.StartNodeAsync();

        var counts = await load.PassedAsync();

        Assert.Equal(15_000, counts.GetProperty("accepted").GetInt32());
        Assert.Equal(15_000, counts.GetProperty("emitted").GetInt32() + counts.GetProperty("inDoubtUnseen").GetInt32());
        Assert.InRange(counts.GetProperty("doubtsListed").GetInt32(), 0, Binds * Window);
    }

    [Fact]
    public async Task A_node_stopped_by_SIGTERM_under_load_loses_nothing_and_leaves_nothing_in_doubt()
    {
        await using var load = LoadRun.Smpp(_gateway, 15_000);
        await load.UnderWayAsync();
        _gateway.Node.Terminate();
        Assert.Equal(0, await _gateway.Node.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        await _gateway.StartNodeAsync();

        var counts = await load.PassedAsync();

        Assert.Equal(15_000, counts.GetProperty("emitted").GetInt32());
        Assert.Equal(0, counts.GetProperty("doubtsListed").GetInt32());
    }
}
