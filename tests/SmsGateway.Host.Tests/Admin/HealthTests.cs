using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Tests.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Admin;

public sealed class HealthTests
{
    private static bool Ok(JsonElement health, string check) => health.GetProperty(check).GetProperty("ok").GetBoolean();

    private static string Detail(JsonElement health, string check) => health.GetProperty(check).GetProperty("detail").GetString()!;

    [Fact]
    public async Task A_node_is_ready_when_it_started_has_its_configuration_and_a_ledger_that_suits()
    {
        await using var bench = await AdminBench.StartAsync(await AdminBench.MigratedAsync());
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        var (starting, why) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, starting);
        Assert.Equal("not_ready", why.GetProperty("status").GetString());
        Assert.Equal("starting", Detail(why, "started"));

        bench.Services.GetRequiredService<Readiness>().MarkStarted();
        var (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(200, status);
        Assert.Equal("ready", health.GetProperty("status").GetString());
        Assert.Equal("smsc1.dc3", health.GetProperty("node").GetString());
        Assert.True(Ok(health, "ledger") && Ok(health, "schema") && Ok(health, "clock") && Ok(health, "configuration") && Ok(health, "draining"));
        Assert.True(health.GetProperty("ledger_on_one_machine").GetBoolean());
        Assert.Equal(3, health.GetProperty("configuration_version").GetInt32());
    }

    [Fact]
    public async Task A_draining_node_or_one_without_configuration_is_not_ready_and_says_why()
    {
        await using var bench = await AdminBench.StartAsync(await AdminBench.MigratedAsync());
        bench.Services.GetRequiredService<Readiness>().MarkStarted();
        bench.Services.GetRequiredService<Draining>().Begin();
        bench.Services.GetRequiredService<ConfigurationState>().Swap(ConfigurationSnapshot.Empty);

        var (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, status);
        Assert.Equal("this node is stopping", Detail(health, "draining"));
        Assert.Contains("config apply", Detail(health, "configuration"), StringComparison.Ordinal);
        Assert.Equal(200, (await bench.GetAsync("/health/live", key: null)).Status);
    }

    [Fact]
    public async Task Without_a_lease_out_of_mode_hot_or_with_another_configuration_a_node_is_not_ready_and_says_why()
    {
        var time = new ShiftedTime();
        await using var bench = await AdminBench.StartAsync(await AdminBench.MigratedAsync(), time: time);
        bench.Services.GetRequiredService<Readiness>().MarkStarted();
        var (_, before) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal("the lease is lost; nothing is emitted until a new epoch is taken", Detail(before, "lease"));

        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        await bench.Services.GetRequiredService<ConfigurationStore>().ApplyAsync("{}", "other", "a test", null, onlyIfEmpty: false, CancellationToken.None);
        await bench.LookAsync();
        Assert.Equal(200, (await bench.GetAsync("/health/ready", key: null)).Status);

        time.Shift += TimeSpan.FromSeconds(6); // the version in force is 1, this node has 3
        await bench.LookAsync();
        var (drifted, drift) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, drifted);
        Assert.Contains("version 3 (hash-3) while the ledger has version 1", Detail(drift, "drift"), StringComparison.Ordinal);
        Assert.Equal(1, Figures.Observed(bench.Services.GetRequiredService<HostMetrics>())["smsgateway.configuration.drift"]);

        Assert.Equal(200, (await bench.PutAsync("/admin/v1/sites/dc3/mode?force=true", """{"mode":"standby"}""")).Status);
        await bench.LookAsync();
        Assert.Equal("the mode in effect is standby, of its site", Detail((await bench.GetAsync("/health/ready", key: null)).Body, "mode"));
    }

    [Fact]
    public async Task An_empty_database_is_not_ready_and_says_what_to_run()
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var bench = await AdminBench.StartAsync(await cluster.CreateDatabaseAsync());
        var (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, status);
        Assert.True(Ok(health, "ledger"));
        Assert.Contains("migrate", Detail(health, "schema"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_503_with_a_reason_for_probes_and_for_calls()
    {
        await using var bench = await AdminBench.StartAsync($"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Timeout=2");
        var (status, health) = await bench.GetAsync("/health/ready", key: null);
        Assert.Equal(503, status);
        Assert.False(Ok(health, "ledger"));
        Assert.NotEmpty(Detail(health, "ledger"));
        Assert.Equal(200, (await bench.GetAsync("/health/live", key: null)).Status);

        Assert.False(Ok(health, "lease"));

        var (nodes, problem) = await bench.GetAsync("/admin/v1/nodes");
        Assert.Equal(503, nodes);
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.Equal(200, (await bench.GetAsync("/admin/v1/accounts")).Status);
    }

    // The wall clock is real, which is compared with the ledger's; nothing but the shift counts as time that has passed.
    private sealed class ShiftedTime : TimeProvider
    {
        private readonly long _start = System.GetTimestamp();
        private long _shift;

        public TimeSpan Shift
        {
            get => TimeSpan.FromTicks(Volatile.Read(ref _shift));
            set => Volatile.Write(ref _shift, value.Ticks);
        }

        public override long GetTimestamp() => _start + (long)(Shift.TotalSeconds * TimestampFrequency);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
