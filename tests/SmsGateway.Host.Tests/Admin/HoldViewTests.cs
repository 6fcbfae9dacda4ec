using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Tests.Hold;
using SmsGateway.Host.Tests.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>What an operator sees of a node on hold.</summary>
public sealed class HoldViewTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static string State(JsonElement hold) => hold.GetProperty("state").GetString()!;

    [Fact]
    public async Task On_hold_a_node_stays_ready_and_says_so_everywhere_and_with_a_full_journal_it_is_not_ready()
    {
        await using var bench = await AdminBench.StartAsync(await AdminBench.MigratedAsync(), hold: _directory);
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        bench.Services.GetRequiredService<Readiness>().MarkStarted();
        var holding = bench.Services.GetRequiredService<Holding>();
        holding.Open();
        Assert.Equal("ready", State((await bench.GetAsync("/admin/v1/hold")).Body));

        holding.LedgerIsAway("a test");
        Assert.True(await holding.TakeAsync(new HeldReceipt(Facts.Receipt() with { At = TimeProvider.System.GetUtcNow() })));

        var (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(200, status);
        Assert.Contains("on hold since", health.GetProperty("hold").GetProperty("detail").GetString(), StringComparison.Ordinal);
        var hold = (await bench.GetAsync("/admin/v1/hold")).Body;
        Assert.Equal("on_hold", State(hold));
        Assert.Equal(1, hold.GetProperty("records").GetInt64());
        Assert.Equal(1, hold.GetProperty("by_kind").GetProperty("receipt").GetInt64());
        Assert.Equal("a test", hold.GetProperty("reason").GetString());
        var figures = Figures.Observed(bench.Services.GetRequiredService<HostMetrics>());
        Assert.Equal((1, 1), (figures["smsgateway.hold.on"], figures["smsgateway.hold.depth"]));

        bench.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HoldOptions>>().Value.MaxBytes = 1;
        (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, status);
        Assert.Contains("MaxBytes", health.GetProperty("hold").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("full", State((await bench.GetAsync("/admin/v1/hold")).Body));
        Assert.False(await holding.TakeAsync(new HeldReceipt(Facts.Receipt())));
    }

    [Fact]
    public async Task A_node_is_not_drained_with_a_journal_unplayed_and_the_other_nodes_say_so_too()
    {
        var database = await AdminBench.MigratedAsync();
        await using var bench = await AdminBench.StartAsync(database, hold: _directory);
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        var holding = bench.Services.GetRequiredService<Holding>();
        holding.Open();
        Assert.Equal(200, (await bench.PutAsync("/admin/v1/nodes/smsc1.dc3/mode?force=true", """{"mode":"standby"}""")).Status);
        Assert.True(await NodeAsync(bench, "drained"));

        Assert.True(await holding.TakeAsync(new HeldReceipt(Facts.Receipt() with { At = TimeProvider.System.GetUtcNow() })));
        Assert.False(await NodeAsync(bench, "drained"));

        await bench.LookAsync();
        await using var other = await AdminBench.StartAsync(database, "smsc1.bos", "bos");
        await other.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        Assert.False(await NodeAsync(other, "drained"));
    }

    private static async Task<bool> NodeAsync(AdminBench bench, string property) => (await bench.GetAsync("/admin/v1/nodes")).Body.EnumerateArray()
        .Single(node => node.GetProperty("name").GetString() == "smsc1.dc3").GetProperty(property).GetBoolean();
}
