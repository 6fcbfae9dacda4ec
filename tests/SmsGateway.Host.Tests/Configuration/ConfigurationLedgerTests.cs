using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Configuration;

/// <summary>The commands and the follower on a real ledger.</summary>
public sealed class ConfigurationLedgerTests : IAsyncLifetime
{
    private const string Broken = """{ "accounts": [ { "name": "demo", "smpp": { "window": 0 } } ] }""";

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private ServiceProvider _services = null!;

    private ConfigurationStore Store => _services.GetRequiredService<ConfigurationStore>();

    private ConfigurationState State => _services.GetRequiredService<ConfigurationState>();

    private ConfigurationFollower Follower => _services.GetServices<IHostedService>().OfType<ConfigurationFollower>().Single();

    public async Task InitializeAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var connection = await cluster.CopyTemplateAsync(
            "ledger", async database => await LedgerMigrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));
        var settings = new Dictionary<string, string?>
        {
            ["Ledger:ConnectionString"] = connection,
            ["Ledger:RequireDurability"] = "false",
        };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLedger("node1", "site1")
            .AddConfigurationDocument()
            .BuildServiceProvider();
        await _services.GetRequiredService<NodeLedger>().RegisterAsync("test", CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_document_is_applied_sealed_and_exported_and_applying_it_again_changes_nothing()
    {
        await File.WriteAllTextAsync(_file, Documents.Full);

        Assert.Equal(0, await RunAsync("apply", _file));
        Assert.Equal("version 1 applied\n", Said());
        Assert.Equal(0, await RunAsync("apply", _file));
        Assert.Equal("version 1 is the same, nothing applied\n", Said());

        Assert.Equal(0, await RunAsync("export"));
        var exported = Said();
        Assert.DoesNotContain("demo1234", exported, StringComparison.Ordinal);
        var document = ConfigurationReader.Read(exported, out var errors);
        Assert.Empty(errors);
        Assert.True(PasswordHash.TryParse(document!.Accounts[0].Credentials[0].PasswordHash!)!.Verify("demo1234"));

        // What comes out goes in again, to the same hash.
        await File.WriteAllTextAsync(_file, exported);
        Assert.Equal(0, await RunAsync("apply", _file));
        Assert.Equal("version 1 is the same, nothing applied\n", Said());
    }

    [Fact]
    public async Task If_empty_applies_the_first_document_and_no_other()
    {
        await File.WriteAllTextAsync(_file, "{}");
        Assert.Equal(0, await RunAsync("apply", _file, "--if-empty"));
        Assert.Equal("version 1 applied\n", Said());

        await File.WriteAllTextAsync(_file, Documents.Full);
        Assert.Equal(0, await RunAsync("apply", _file, "--if-empty"));
        Assert.Equal("version 1 is in force, nothing applied\n", Said());
    }

    [Fact]
    public async Task An_older_version_is_exported_by_its_number_and_applying_it_is_the_way_back()
    {
        await File.WriteAllTextAsync(_file, """{ "accounts": [ { "name": "first" } ] }""");
        await RunAsync("apply", _file);
        await File.WriteAllTextAsync(_file, """{ "accounts": [ { "name": "second" } ] }""");
        await RunAsync("apply", _file);
        Said();

        Assert.Equal(0, await RunAsync("export", "--version", "1"));
        var first = Said();
        Assert.Contains("\"first\"", first, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_file, first);
        Assert.Equal(0, await RunAsync("apply", _file));

        Assert.Equal("version 3 applied\n", Said());
        Assert.Equal(2, await RunAsync("export", "--version", "4"));
    }

    [Fact]
    public async Task Without_any_configuration_there_is_nothing_to_export() => Assert.Equal(2, await RunAsync("export"));

    [Fact]
    public async Task A_document_with_mistakes_leaves_the_one_in_force()
    {
        await File.WriteAllTextAsync(_file, "{}");
        await RunAsync("apply", _file);

        await File.WriteAllTextAsync(_file, Broken);
        Assert.Equal(2, await RunAsync("apply", _file));

        Assert.Equal(1, (await Store.LatestAsync(CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task The_first_version_is_in_force_when_the_start_returns_and_later_ones_follow()
    {
        await File.WriteAllTextAsync(_file, """{ "accounts": [ { "name": "first" } ] }""");
        await RunAsync("apply", _file);

        await Follower.StartAsync(CancellationToken.None);
        Assert.Equal(1, State.Current.Version);
        Assert.True(State.Current.Accounts.ContainsKey("first"));

        await File.WriteAllTextAsync(_file, """{ "accounts": [ { "name": "second" } ] }""");
        await RunAsync("apply", _file);
        await Eventually.TrueAsync(() => State.Current.Version == 2, "version 2 in force");
        Assert.True(State.Current.Accounts.ContainsKey("second"));
        await Follower.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_version_that_does_not_validate_is_refused_and_the_next_good_one_taken()
    {
        await File.WriteAllTextAsync(_file, "{}");
        await RunAsync("apply", _file);
        await Follower.StartAsync(CancellationToken.None);

        // As a newer release with other rules might write it.
        await Store.ApplyAsync(Broken, "hash", "test", null, false, CancellationToken.None);
        await File.WriteAllTextAsync(_file, """{ "accounts": [ { "name": "third" } ] }""");
        var versions = new List<long>();
        using (State.Follow(s => versions.Add(s.Version)))
        {
            await RunAsync("apply", _file);
            await Eventually.TrueAsync(() => State.Current.Version == 3, "version 3 in force");
        }

        await Follower.StopAsync(CancellationToken.None);
        Assert.Equal([1, 3], versions);
    }

    private string Said()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new ConfigurationCommands(Store, _output, _errors).RunAsync(arguments, CancellationToken.None);
}
