using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Tests.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>Modes as an operator writes and reads them, with two nodes on one ledger.</summary>
public sealed class ModeTests : IAsyncLifetime
{
    private AdminBench _dc3 = null!;
    private AdminBench _bos = null!;

    public async Task InitializeAsync()
    {
        var ledger = await AdminBench.MigratedAsync();
        _dc3 = await StartedAsync(ledger, "smsc1.dc3", "dc3");
        _bos = await StartedAsync(ledger, "smsc1.bos", "bos");
    }

    public async Task DisposeAsync()
    {
        await _dc3.DisposeAsync();
        await _bos.DisposeAsync();
    }

    [Fact]
    public async Task A_mode_is_written_at_any_node_followed_by_the_one_it_is_for_and_audited()
    {
        var (status, node) = await _bos.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"draining","note":"new kernel"}""");
        Assert.Equal(200, status);
        Assert.Equal("draining", node.GetProperty("mode").GetString());
        Assert.Equal("hot", node.GetProperty("site_mode").GetString());
        Assert.Equal("draining", node.GetProperty("effective_mode").GetString());
        Assert.True(node.GetProperty("drained").GetBoolean());
        Assert.Equal(0, node.GetProperty("leftovers").GetProperty("segments").GetInt32());
        Assert.False(node.GetProperty("is_this_node").GetBoolean());

        Assert.Equal(NodeMode.Hot, _dc3.Services.GetRequiredService<NodeStance>().Mode);
        await _dc3.LookAsync();
        Assert.Equal(NodeMode.Draining, _dc3.Services.GetRequiredService<NodeStance>().Mode);
        Assert.Equal(1, Of(_dc3)["smsgateway.node.mode{draining}"]);
        Assert.Equal(0, Of(_dc3)["smsgateway.node.mode{hot}"]);

        Assert.Equal(200, (await _bos.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"hot"}""")).Status);
        var (_, audit) = await _dc3.GetAsync("/admin/v1/audit");
        Assert.Equal(["draining hot", "hot draining"], audit.EnumerateArray().Select(Change));
        var first = audit[1];
        Assert.Equal("night-shift", first.GetProperty("actor").GetString());
        Assert.Equal("operator", first.GetProperty("role").GetString());
        Assert.Equal("smsc1.bos", first.GetProperty("node").GetString());
        Assert.Equal("smsc1.dc3", first.GetProperty("target").GetString());
        Assert.Equal("new kernel", first.GetProperty("note").GetString());
        Assert.False(audit[0].TryGetProperty("note", out _));

        var seq = audit[0].GetProperty("seq").GetInt64();
        Assert.Equal(["hot draining"], (await _dc3.GetAsync($"/admin/v1/audit?before={seq}&limit=5")).Body.EnumerateArray().Select(Change));
        Assert.Equal(["draining hot"], (await _dc3.GetAsync("/admin/v1/audit?limit=1")).Body.EnumerateArray().Select(Change));
    }

    [Fact]
    public async Task A_site_has_a_mode_and_the_more_restrictive_one_holds()
    {
        Assert.Equal(200, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"standby"}""")).Status);
        var (status, site) = await _dc3.PutAsync("/admin/v1/sites/dc3/mode", """{"mode":"down"}""", AdminBench.AdminKey);
        Assert.Equal(200, status);
        Assert.Equal("down", site.GetProperty("mode").GetString());
        Assert.Equal(["smsc1.dc3"], site.GetProperty("nodes").EnumerateArray().Select(name => name.GetString()));

        var (_, sites) = await _bos.GetAsync("/admin/v1/sites");
        Assert.Equal(["bos hot", "dc3 down"], sites.EnumerateArray().Select(s => $"{s.GetProperty("name")} {s.GetProperty("mode")}"));
        var (_, nodes) = await _bos.GetAsync("/admin/v1/nodes");
        Assert.Equal(["hot", "down"], nodes.EnumerateArray().Select(node => node.GetProperty("effective_mode").GetString()));
        Assert.Equal(["hot", "standby"], nodes.EnumerateArray().Select(node => node.GetProperty("mode").GetString()));
    }

    [Theory]
    [InlineData("nodes/smsc9.dc3", """{"mode":"standby"}""", 404, "No node")]
    [InlineData("sites/nowhere", """{"mode":"standby"}""", 404, "site")]
    [InlineData("nodes/smsc1.dc3", """{"mode":"cold"}""", 400, "hot, standby, draining or down")]
    [InlineData("nodes/smsc1.dc3", """{}""", 400, "hot, standby, draining or down")]
    [InlineData("nodes/smsc1.dc3", "null", 400, "hot, standby, draining or down")]
    [InlineData("nodes/smsc1.dc3", "mode=standby", 400, "must be JSON")]
    [InlineData("nodes/smsc1.dc3", "", 400, "must be JSON")]
    [InlineData("nodes/smsc1.dc3", "{\"mode\":\"standby\",\"note\":\"two\\nlines\"}", 400, "control character")]
    public async Task What_makes_no_sense_is_refused_and_says_why(string of, string body, int expected, string reason)
    {
        var (status, problem) = await _dc3.PutAsync($"/admin/v1/{of}/mode", body);
        Assert.Equal(expected, status);
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await _dc3.GetAsync("/admin/v1/audit")).Body.EnumerateArray());
    }

    [Fact]
    public async Task A_long_note_a_long_body_and_a_viewer_are_refused()
    {
        var note = new string('n', 201);
        Assert.Equal(400, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", $$"""{"mode":"standby","note":"{{note}}"}""")).Status);
        Assert.Equal(413, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", new string(' ', 100_000) + """{"mode":"standby"}""")).Status);
        Assert.Equal(403, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"standby"}""", AdminBench.ViewerKey)).Status);
        Assert.Equal(403, (await _dc3.PutAsync("/admin/v1/sites/dc3/mode", """{"mode":"standby"}""", AdminBench.ViewerKey)).Status);
    }

    [Fact]
    public async Task The_last_hot_node_stays_hot_unless_it_is_forced()
    {
        Assert.Equal(200, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"standby"}""")).Status);

        Assert.Equal(409, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.bos/mode", """{"mode":"standby"}""")).Status);
        Assert.Equal(409, (await _dc3.PutAsync("/admin/v1/sites/bos/mode", """{"mode":"draining"}""")).Status);
        Assert.Equal(200, (await _dc3.PutAsync("/admin/v1/nodes/smsc1.dc3/mode", """{"mode":"down"}""")).Status); // it was not hot before
        Assert.Equal(404, (await _dc3.PutAsync("/admin/v1/nodes/smsc9.dc3/mode", """{"mode":"down"}""")).Status);
        Assert.Equal(200, (await _dc3.PutAsync("/admin/v1/sites/bos/mode?force=true", """{"mode":"draining"}""")).Status);
    }

    [Fact]
    public async Task A_node_that_left_is_gone_at_every_other()
    {
        await _dc3.Services.GetRequiredService<LeaseLoop>().LeaveAsync(CancellationToken.None);
        await _bos.LookAsync();

        var (_, nodes) = await _bos.GetAsync("/admin/v1/nodes");
        Assert.Equal(["renewing", "gone"], nodes.EnumerateArray().Select(node => node.GetProperty("state").GetString()));
        Assert.True(nodes[1].GetProperty("drained").GetBoolean());
        Assert.False(nodes[1].GetProperty("live").GetBoolean());
        var figures = Of(_bos);
        Assert.Equal((1, 1, 0), (figures["smsgateway.nodes{gone}"], figures["smsgateway.nodes{renewing}"], figures["smsgateway.nodes{silent}"]));
        Assert.Equal((1, 1), (figures["smsgateway.lease.valid"], figures["smsgateway.epoch"]));
        Assert.InRange(figures["smsgateway.lease.age"], 0, 60);
        Assert.Equal((3, 0), (figures["smsgateway.configuration.version"], figures["smsgateway.configuration.drift"]));
        Assert.Equal(0, Of(_dc3)["smsgateway.lease.valid"]);
        Assert.Contains("smsgateway_lease_age_seconds ", await _bos.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static Dictionary<string, double> Of(AdminBench bench) => Figures.Observed(bench.Services.GetRequiredService<HostMetrics>());

    private static string Change(JsonElement line) => $"{line.GetProperty("before")} {line.GetProperty("after")}";

    private static async Task<AdminBench> StartedAsync(string ledger, string name, string site)
    {
        var bench = await AdminBench.StartAsync(ledger, name, site);
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        return bench;
    }
}
