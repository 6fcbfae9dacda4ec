using System.Globalization;
using System.Text.Json;

namespace SmsGateway.TestKit.Topology;

/// <summary>One run of the load tool against a topology; its checker lays the journals of all sides side by side.</summary>
public sealed class LoadRun : IAsyncDisposable
{
    private readonly string _json = Path.Combine(Path.GetTempPath(), $"smsgateway-load-{Guid.NewGuid():n}.json");
    private readonly string _marks;
    private readonly ProcessUnderTest _process;

    private LoadRun(GatewayTopology gateway, string mode, string[] options)
    {
        _marks = _json + ".marks";
        string[] sides =
        [
            "--carrier-control", gateway.CarrierA.ToString(), "--carrier-control", gateway.CarrierB.ToString(),
            "--json", _json, "--marks", _marks, .. options.Contains("--quiet") ? Array.Empty<string>() : ["--quiet", "20"],
        ];
        _process = ProcessUnderTest.StartProject("SmsGateway.Load", [mode, .. options, .. sides]);
    }

    /// <summary>What it printed.</summary>
    public string Output => _process.Output;

    /// <summary>Over SMPP, with binds at every node.</summary>
    public static LoadRun Smpp(GatewayTopology gateway, int messages, params string[] options) =>
        Smpp(gateway, ["--messages", $"{messages}", "--binds", $"{Math.Max(4, 2 * gateway.Nodes.Count)}", "--window", "50", .. options]);

    /// <summary>Over SMPP to every node, with options of its own.</summary>
    public static LoadRun Smpp(GatewayTopology gateway, params string[] options) => new(
        gateway, "smpp", [.. gateway.Nodes.SelectMany(node => (string[])["--node", $"{node.Name}={node.Smpp},{node.Admin}"]), .. options]);

    /// <summary>Over HTTP to every node, as <c>demo</c>, whose receipts go to the sink.</summary>
    public static LoadRun Http(GatewayTopology gateway, params string[] options) => new(
        gateway,
        "http",
        [
            .. gateway.Nodes.SelectMany(node => (string[])["--node", $"{node.Name}={node.Receiver},{node.Admin}"]), "--sink", gateway.Sink.ToString(), .. options,
        ]);

    /// <summary>Waits until messages of the run are on their way.</summary>
    public Task UnderWayAsync() => _process.WaitForLineAsync(
        line => line.Contains(" s  accepted", StringComparison.Ordinal) && !line.Contains("accepted         0", StringComparison.Ordinal), "progress");

    /// <summary>Tells the run that something is hurt now, and which nodes with it: its report says what came of that.</summary>
    public void Mark(string what, params IReadOnlyCollection<GatewayNode> hurt) => File.AppendAllText(_marks, string.Create(
        CultureInfo.InvariantCulture,
        $"{(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10}\t{what}\t{string.Join(',', hurt.Select(node => node.Name))}\n"));

    /// <summary>Waits for the end, insists that the checker passed, and returns its counts.</summary>
    public async Task<JsonElement> PassedAsync()
    {
        var (code, report) = await EndedAsync(TimeSpan.FromMinutes(4));
        return code == 0
            ? report.GetProperty("counts")
            : throw new InvalidOperationException($"the load tool's checker failed ({code}):\n{_process.Output}");
    }

    /// <summary>Waits for the end; the exit code is 0 when the checker passed, the report is undefined where there is none.</summary>
    public async Task<(int Code, JsonElement Report)> EndedAsync(TimeSpan within)
    {
        var code = await _process.WaitForExitAsync(within);
        return (code, File.Exists(_json) ? JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_json)) : default);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        File.Delete(_json);
        File.Delete(_marks);
    }
}
