using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class ModeLedgerTests : IAsyncLifetime
{
    private static readonly AuditActor Anna = new("anna", "operator", "kernel update");
    private readonly ManualTimeProvider _time = new();
    private LedgerUnderTest _ledger = null!;

    public async Task InitializeAsync() => _ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync(), time: _time);

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task Modes_of_a_node_and_its_site_are_seen_by_all_and_the_stricter_holds()
    {
        Assert.Equal((NodeMode.Hot, NodeMode.Hot, NodeMode.Hot), await ModesAsync());
        Assert.Equal(NodeMode.Hot, await SetNodeAsync("smsc1.dc3", NodeMode.Standby));
        Assert.Equal((NodeMode.Standby, NodeMode.Hot, NodeMode.Standby), await ModesAsync());
        Assert.Equal(NodeMode.Hot, await SetSiteAsync("dc3", NodeMode.Draining));
        Assert.Equal((NodeMode.Standby, NodeMode.Draining, NodeMode.Draining), await ModesAsync());
        Assert.Equal(NodeMode.Draining, await SetSiteAsync("dc3", NodeMode.Hot));
        Assert.Equal(NodeMode.Standby, await SetNodeAsync("smsc1.dc3", NodeMode.Down));
        Assert.Equal((NodeMode.Down, NodeMode.Hot, NodeMode.Down), await ModesAsync());
    }

    [Fact]
    public async Task A_mode_outlives_a_restart_and_a_take_over()
    {
        await SetNodeAsync("smsc1.dc3", NodeMode.Standby);
        await SetSiteAsync("dc3", NodeMode.Draining);
        await _ledger.Nodes.RegisterAsync("again", CancellationToken.None);
        await using var other = await LedgerUnderTest.StartAsync(_ledger.ConnectionString, "other", _time);
        await _ledger.TakenOverByAsync(other);
        await _ledger.Nodes.RegisterAsync("again", CancellationToken.None);
        Assert.Equal((NodeMode.Standby, NodeMode.Draining, NodeMode.Draining), await ModesAsync());
        Assert.Equal(NodeMode.Draining, (await other.SeenByAsync(_ledger)).Effective);
    }

    [Fact]
    public async Task Every_change_is_audited_with_who_where_and_why_newest_first()
    {
        await SetNodeAsync("smsc1.dc3", NodeMode.Draining);
        _time.Advance(TimeSpan.FromMinutes(5));
        await _ledger.Modes.SetSiteAsync("dc3", NodeMode.Down, new AuditActor("bob", "admin", null), CancellationToken.None);
        var audit = await _ledger.Modes.AuditAsync(null, 10, CancellationToken.None);
        var (site, node) = (audit[0], audit[1]);
        Assert.Equal(2, audit.Count);
        Assert.Equal(
            new AuditEvent(node.Seq, _time.GetUtcNow() - TimeSpan.FromMinutes(5), "anna", "operator", "smsc1.dc3", "node mode", "smsc1.dc3", "hot", "draining", "kernel update"), node);
        Assert.Equal(new AuditEvent(site.Seq, _time.GetUtcNow(), "bob", "admin", "smsc1.dc3", "site mode", "dc3", "hot", "down", null), site);
        Assert.Equal([node], await _ledger.Modes.AuditAsync(site.Seq, 10, CancellationToken.None));
        Assert.Equal([site], await _ledger.Modes.AuditAsync(null, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Names_that_nobody_has_change_nothing_and_are_not_audited()
    {
        Assert.Null(await SetNodeAsync("nobody", NodeMode.Down));
        Assert.Null(await SetSiteAsync("nowhere", NodeMode.Down));
        Assert.Empty(await _ledger.Modes.AuditAsync(null, 10, CancellationToken.None));
        Assert.Equal(0, await _ledger.ScalarAsync<long>("SELECT count(*) FROM site"));
    }

    [Fact]
    public async Task A_mode_that_is_set_while_the_node_renews_loses_neither()
    {
        await using var renewing = await _ledger.Connections.Cold.OpenConnectionAsync();
        await using var transaction = await renewing.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("UPDATE node SET counter = 41", renewing))
        {
            await command.ExecuteNonQueryAsync();
        }

        var setting = SetNodeAsync("smsc1.dc3", NodeMode.Standby);
        await Eventually.TrueAsync(
            () => _ledger.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())"), "it waits");
        await transaction.CommitAsync();
        Assert.Equal(NodeMode.Hot, await setting);
        var node = (await _ledger.Nodes.ListAsync(CancellationToken.None))[0];
        Assert.Equal((NodeMode.Standby, 41L), (node.Mode, node.Counter));
        Assert.True((await _ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None)).Renewed);
    }

    [Fact]
    public async Task A_mode_of_a_later_version_is_one_in_which_this_version_does_nothing()
    {
        await _ledger.ExecuteAsync("UPDATE node SET mode = 'lukewarm'");
        Assert.Equal(NodeMode.Down, (await ModesAsync()).Mode);
        Assert.Equal(NodeMode.Down, await SetNodeAsync("smsc1.dc3", NodeMode.Hot));
        Assert.Equal(NodeMode.Hot, (await ModesAsync()).Mode);
    }

    private Task<NodeMode?> SetNodeAsync(string name, NodeMode mode) => _ledger.Modes.SetNodeAsync(name, mode, Anna, CancellationToken.None);

    private Task<NodeMode?> SetSiteAsync(string name, NodeMode mode) => _ledger.Modes.SetSiteAsync(name, mode, Anna, CancellationToken.None);

    private async Task<(NodeMode Mode, NodeMode Site, NodeMode Effective)> ModesAsync()
    {
        var node = (await _ledger.Nodes.ListAsync(CancellationToken.None)).Single(n => n.Name == "smsc1.dc3");
        return (node.Mode, node.SiteMode, node.Effective);
    }
}
