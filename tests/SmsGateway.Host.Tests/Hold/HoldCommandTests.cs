using SmsGateway.Host.Hold;
using SmsGateway.Host.Tests.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Hold;

/// <summary>The journal of a node that will not come back, in the hands of a person.</summary>
public sealed class HoldCommandTests : IAsyncLifetime
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private string _database = "";
    private HoldNode _dead = null!;
    private FlowNode _replay = null!;

    public async Task InitializeAsync()
    {
        _database = await FlowNode.DatabaseAsync();
        _dead = await HoldNode.StartAsync(_database, "smsc2.dc3", more: [("Hold:MaxAge", "30.00:00:00"), ("Ledger:Retention", "30.00:00:00")]);
        await _dead.Node.KillAsync();
        _replay = await FlowNode.StartAsync(_database, "replay.dc3");
        await _replay.KillAsync();
    }

    public async Task DisposeAsync()
    {
        await _replay.DisposeAsync();
        await _dead.DisposeAsync();
    }

    private Task<int> RunAsync(params string[] arguments) => new HoldCommands(
        _replay.Get<Playback>, _replay.Get<NodeLedger>(), _replay.Get<LedgerOptions>(), TimeProvider.System, _output, _error).RunAsync(arguments, CancellationToken.None);

    private async Task<string> JournalAsync(TimeSpan age, int count = 3)
    {
        for (var i = 0; i < count; i++)
        {
            var at = TimeProvider.System.GetUtcNow() - age;
            Assert.True(await _dead.Holding.TakeAsync(new HeldSubmission(
                Facts.Entry() with { Id = Guid.CreateVersion7(), Keyed = false, FirstAttempt = null, AcceptedAt = at, ValidUntil = at.AddDays(30) })));
        }

        await _dead.Journal.DisposeAsync();
        return _dead.Journal.FullPath;
    }

    [Fact]
    public async Task Any_machine_plays_a_journal_and_the_nodes_that_are_live_sweep_what_it_claimed()
    {
        await using var live = await HoldNode.StartAsync(_database);
        var path = await JournalAsync(TimeSpan.Zero);

        Assert.Equal(0, await RunAsync("list", path));
        Assert.Contains("to be played: 3 records (3 submission)", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await live.CountAsync("entry"));

        Assert.Equal(0, await RunAsync("replay", path));
        Assert.Contains("3 records played, of them 0 parked", _output.ToString(), StringComparison.Ordinal);
        var owner = live.Node.Get<NodeIdentity>().Current.Node;
        await Eventually.TrueAsync(async () => await live.CountAsync($"queue WHERE owner = {owner}") == 6, "the live node has swept it", TimeSpan.FromSeconds(60));

        Assert.Equal(0, await RunAsync("replay", path)); // again: it knows how far it came
        Assert.Contains("to be played: 0 records", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await live.CountAsync("entry"));
    }

    [Fact]
    public async Task A_journal_whose_keys_may_be_forgotten_is_played_by_force_only_and_with_a_warning()
    {
        var path = await JournalAsync(TimeSpan.FromDays(4));

        Assert.Equal(2, await RunAsync("replay", path));
        Assert.Contains("WARNING", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--force", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await _dead.CountAsync("entry"));

        Assert.Equal(0, await RunAsync("replay", path, "--force"));
        Assert.Equal(3, await _dead.CountAsync("entry"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_keep_the_others_from_being_played_and_what_was_set_aside_is_named()
    {
        var path = await JournalAsync(TimeSpan.Zero);
        await File.WriteAllTextAsync(Path.Combine(path, "000000000077.journal"), "no journal");
        await File.WriteAllTextAsync(Path.Combine(path, "000000000066.journal.00.damaged"), "set aside");

        Assert.Equal(1, await RunAsync("replay", path));

        Assert.Contains("000000000077.journal", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("000000000066.journal.00.damaged: set aside", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await _dead.CountAsync("entry"));
    }

    [Fact]
    public async Task A_wrong_command_line_or_file_is_2_and_named()
    {
        Assert.Equal(2, await RunAsync("replay"));
        Assert.Equal(2, await RunAsync("play", "x"));
        Assert.Contains("usage:", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("list", "/nowhere/to/be/found.journal"));
        Assert.Contains("found.journal", _error.ToString(), StringComparison.Ordinal);
    }
}
