using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Snapshots;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Snapshots;

/// <summary>Starts of a node by hand, pass by pass, with and without its ledger.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"smsgateway-start-{Guid.NewGuid():n}");
    private PostgresCluster _postgres = null!;
    private string _connection = "";

    public async Task InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync();
        _connection = await _postgres.CreateDatabaseAsync();
        await LedgerMigrator.MigrateAsync(_connection, TimeProvider.System, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _postgres.DisposeAsync();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_node_writes_what_it_knows_starts_from_it_without_an_epoch_and_takes_one_when_the_ledger_answers()
    {
        Guid id;
        await using (var first = Services())
        {
            await first.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None);
            var version = await ApplyAsync(first);
            await first.GetRequiredService<ModeLedger>().SetSiteAsync("dc3", NodeMode.Standby, new AuditActor("anna", "operator", null), CancellationToken.None);
            await first.GetRequiredService<LeaseLoop>().PassAsync(CancellationToken.None);
            Keeper(first).Write();
            id = first.GetRequiredService<NodeIdentity>().Keys.ForClientMessageId("demo", "1");
            Assert.Equal((version, "standby"), (Files(first).Read()!.Version, Files(first).Read()!.SiteMode));
            Assert.Equal(1, Files(first).ReadMark()!.Epoch);
        }

        await _postgres.StopAsync();
        await using var second = Services();
        await second.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None);
        var (identity, lease, loop) = (second.GetRequiredService<NodeIdentity>(), second.GetRequiredService<NodeLease>(), second.GetRequiredService<LeaseLoop>());
        Assert.Equal(id, identity.Keys.ForClientMessageId("demo", "1"));
        Assert.Equal((0L, false, false), (identity.Current.Epoch, lease.IsValid, second.GetRequiredService<NodeStance>().Emits));
        Assert.Equal(NodeMode.Standby, second.GetRequiredService<NodeDirectory>().Mode);
        Assert.Equal("demo", Assert.Single(second.GetRequiredService<ConfigurationState>().Current.Accounts.Keys));
        Assert.StartsWith("started from the snapshot of", second.GetRequiredService<StartedFrom>().Snapshot, StringComparison.Ordinal);
        var written = File.GetLastWriteTimeUtc(Files(second).Path);
        Keeper(second).Write();
        Assert.Equal(written, File.GetLastWriteTimeUtc(Files(second).Path)); // what a snapshot says is not news
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => loop.PassAsync(CancellationToken.None));
        await loop.StartAsync(CancellationToken.None);
        await _postgres.RestartAsync();
        Assert.True(await loop.NewerEpochAsync(1, TimeSpan.FromMinutes(1)));
        Assert.Equal((2L, true), (identity.Current.Epoch, lease.IsValid));
        await Eventually.TrueAsync(() => second.GetRequiredService<StartedFrom>().Snapshot is null, "it is not the snapshot's state any more");
        await loop.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_schema_that_does_not_suit_is_refused_and_not_covered_by_a_snapshot()
    {
        await using (var first = Services())
        {
            await first.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None);
            await ApplyAsync(first);
            await first.GetRequiredService<LeaseLoop>().PassAsync(CancellationToken.None);
            Keeper(first).Write();
        }

        _connection = await _postgres.CreateDatabaseAsync();
        await using var second = Services();
        await Assert.ThrowsAsync<SchemaMismatchException>(() => second.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None));
        await _postgres.StopAsync();
        await using var third = Services(("Snapshot:Enabled", "false"));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => third.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None));
    }

    private static SnapshotFiles Files(IServiceProvider services) => services.GetRequiredService<SnapshotFiles>();

    private static SnapshotKeeper Keeper(IServiceProvider services) => services.GetServices<IHostedService>().OfType<SnapshotKeeper>().Single();

    private static async Task<long> ApplyAsync(IServiceProvider services)
    {
        var document = new ConfigurationDocument { Accounts = [new AccountSettings { Name = "demo" }] };
        var canonical = ConfigurationJson.Canonical(document);
        var hash = ConfigurationJson.Hash(canonical);
        var version = (await services.GetRequiredService<ConfigurationStore>().ApplyAsync(canonical, hash, "a test", null, onlyIfEmpty: false, CancellationToken.None))!.Value;
        services.GetRequiredService<ConfigurationState>().Swap(new ConfigurationSnapshot(version, hash, document));
        return version;
    }

    private ServiceProvider Services(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Ledger:ConnectionString"] = _connection,
            ["Ledger:RequireDurability"] = "false",
            ["Node:Name"] = "smsc1.dc3",
            ["Node:Site"] = "dc3",
            ["Snapshot:Directory"] = _directory,
            ["Hold:Directory"] = Path.Combine(_directory, "hold"),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
            .AddSingleton<ConfigurationState>()
            .AddSingleton<BindDirectory>()
            .AddSingleton<HostMetrics>();
        services.AddCheckedOptions<NodeOptions>(NodeOptions.Section);
        return services.AddLedger("smsc1.dc3", "dc3").AddSingleton<NodeStart>().AddSnapshots().AddHold().AddFlow().BuildServiceProvider();
    }
}
