using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>A node whose ledger is away when it starts.</summary>
public sealed class StartWithoutLedgerTests : IAsyncLifetime
{
    private const uint BindFailed = 0x0D;
    private readonly GatewayTopology _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_node_starts_from_its_snapshot_knows_its_customers_and_goes_on_by_itself_when_the_ledger_answers()
    {
        var node = _gateway.Nodes[0];
        await node.Process.WaitForLineAsync("in the snapshot");
        await node.KillAsync();
        await _gateway.Postgres.StopAsync();
        await _gateway.LaunchAsync(node);
        var health = await StartedAsync(node);

        Assert.False(health.GetProperty("lease").GetProperty("ok").GetBoolean());
        Assert.StartsWith("started from the snapshot of ", health.GetProperty("started").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("Started from the snapshot of", node.Process.Output, StringComparison.Ordinal);
        Assert.Equal(401, (await _gateway.PostAsync(("password", "wrong"))).Status);
        Assert.Equal(0u, await BindAsync(node, "demo", "demo1234"));
        Assert.Equal(BindFailed, await BindAsync(node, "demo", "wrong"));
        Assert.Equal(BindFailed, await BindAsync(node, "nobody", "demo1234"));
        var away = Guid.NewGuid().ToString("n");
        Assert.Equal(200, (await _gateway.PostAsync(("message_id", away), ("message", "away " + away))).Status);

        await _gateway.Postgres.RestartAsync();
        await _gateway.AwaitReadyAsync();
        var later = Guid.NewGuid().ToString("n");
        Assert.Equal(200, (await _gateway.PostAsync(("message_id", later), ("message", "later " + later))).Status);
        await SeenAsync(later);
        await SeenAsync(away); // it was held

        // The same process: it never went through a start with a ledger.
        Assert.Contains("is taken; emitting goes on", node.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_snapshot_or_with_a_damaged_one_the_process_says_so_and_ends()
    {
        await _gateway.Nodes[0].KillAsync();
        await _gateway.Postgres.StopAsync();
        var directory = Path.Combine(Path.GetTempPath(), $"smsgateway-none-{Guid.NewGuid():n}");
        await using (var none = _gateway.StartHost([], new Dictionary<string, string?> { ["Snapshot__Directory"] = directory }))
        {
            Assert.Equal(1, await none.WaitForExitAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("There is no snapshot of this node", none.Output, StringComparison.Ordinal);
            Assert.Contains("Ledger__ConnectionString", none.Output, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(Path.Combine(directory, "smsc1.test"));
        await File.WriteAllTextAsync(Path.Combine(directory, "smsc1.test", "snapshot"), "smsgateway snapshot 1 00\n{}");
        await using (var damaged = _gateway.StartHost([], new Dictionary<string, string?> { ["Snapshot__Directory"] = directory }))
        {
            Assert.Equal(1, await damaged.WaitForExitAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("its checksum does not fit", damaged.Output, StringComparison.Ordinal);
        }

        Directory.Delete(directory, recursive: true);
    }

    private Task SeenAsync(string id) => Eventually.TrueAsync(
        async () => (await _gateway.SubmitsAsync(_gateway.CarrierA, id)).Length == 1, $"{id} reached its carrier", TimeSpan.FromSeconds(60));

    private async Task<JsonElement> StartedAsync(GatewayNode node)
    {
        JsonElement health = default;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await _gateway.Http.GetAsync(new Uri(node.Admin, "/health/ready"));
                    health = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
                    return health.GetProperty("started").GetProperty("ok").GetBoolean();
                }
                catch (HttpRequestException)
                {
                    Assert.False(node.Process.HasExited, node.Process.Output);
                    return false;
                }
            },
            "the node has started",
            TimeSpan.FromSeconds(90));
        return health;
    }

    // The status of the answer to a bind_transceiver.
    private static async Task<uint> BindAsync(GatewayNode node, string systemId, string password)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(System.Net.IPEndPoint.Parse(node.Smpp));
        byte[] body = [.. Encoding.ASCII.GetBytes($"{systemId}\0{password}\0\0"), 0x34, 0, 0, 0];
        var pdu = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(pdu, pdu.Length);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(4), 9);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(12), 1);
        body.CopyTo(pdu, 16);
        var stream = client.GetStream();
        await stream.WriteAsync(pdu);
        var header = new byte[16];
        await stream.ReadExactlyAsync(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
    }
}
