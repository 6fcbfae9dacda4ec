using Npgsql;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Tests.Flow;

namespace SmsGateway.Host.Tests.Hold;

// A node of Flow that holds, in a directory of its own, over a ledger that a test may take away.
internal sealed class HoldNode : IAsyncDisposable
{
    private readonly string _directory;
    private readonly NpgsqlDataSource _database;

    private HoldNode(FlowNode node, string directory, string connectionString) =>
        (Node, _directory, _database) = (node, directory, NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString));

    public FlowNode Node { get; }

    public Holding Holding => Node.Get<Holding>();

    public Journal Journal => Holding.Journal!;

    public static async Task<HoldNode> StartAsync(string connectionString, string name = "smsc1.dc3", string? directory = null, params (string Option, string Value)[] more)
    {
        directory ??= Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");
        var node = await FlowNode.StartAsync(
            connectionString, name, [("Hold:Enabled", "true"), ("Hold:Directory", directory), ("Ledger:RetryFor", "00:00:01"), .. more]);
        return new HoldNode(node, directory, connectionString);
    }

    /// <summary>Plays what is in the journal now, and once more from its very start when asked.</summary>
    public async Task PlayAsync(bool keep = false)
    {
        foreach (var segment in await Journal.SealAsync())
        {
            await Node.Get<Playback>().PlayAsync(
                await File.ReadAllBytesAsync(segment.Path), JournalHeader.Length, (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
            if (!keep)
            {
                Journal.Remove(segment, isKept: false);
            }
        }
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> CountAsync(string from) => ScalarAsync<long>("SELECT count(*) FROM " + from);

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
