using System.Text.Json;
using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Topology;

/// <summary>One run of the load tool against a topology; its checker lays the journals of all sides side by side.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private readonly string _json = Path.Combine(Path.GetTempPath(), $"smsgateway-load-{Guid.NewGuid():n}.json");
    private readonly ProcessUnderTest _process;

    private LoadRun(GatewayTopology gateway, string mode, string[] options)
    {
        string[] sides =
        [
            "--carrier-control", gateway.CarrierA.ToString(), "--carrier-control", gateway.CarrierB.ToString(),
            "--json", _json, "--quiet", "20",
        ];
        _process = ProcessUnderTest.StartProject("SmsGateway.Load", [mode, .. options, .. sides]);
    }

    /// <summary>Over SMPP, with binds at every node.</summary>
    public static LoadRun Smpp(GatewayTopology gateway, int messages, params string[] options) => new(
        gateway,
        "smpp",
        [
            .. gateway.Nodes.SelectMany(node => (string[])["--node", $"{node.Name}={node.Smpp},{node.Admin}"]),
            "--messages", $"{messages}", "--binds", $"{Math.Max(4, 2 * gateway.Nodes.Count)}", "--window", "50", .. options,
        ]);

    /// <summary>Waits until messages of the run are on their way.</summary>
    public Task UnderWayAsync() => _process.WaitForLineAsync(
        line => line.Contains(" s  accepted", StringComparison.Ordinal) && !line.Contains("accepted         0", StringComparison.Ordinal), "progress");

    /// <summary>Waits for the end, insists that the checker passed, and returns its counts.</summary>
    public async Task<JsonElement> PassedAsync()
    {
        var code = await _process.WaitForExitAsync(TimeSpan.FromMinutes(4));
        Assert.True(code == 0, $"the load tool's checker failed ({code}):\n{_process.Output}");
        return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_json)).GetProperty("counts");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        File.Delete(_json);
    }
}
