using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsGateway.Ledger;

// What every ledger class works with.
internal sealed record LedgerCore(
    LedgerOptions Options, LedgerConnections Connections, HotTransactions Hot, NodeIdentity Node, DeliveryFeed Feed, TimeProvider Time, ILoggerFactory Loggers)
{
    /// <summary>Which process this is, for the names of nodes and what they hold; null where that is not known.</summary>
    public string? Process { get; init; } = ProcessIdentity.Mine;

    /// <summary>Shared by everything that commits; a test that has none never sees the ledger away.</summary>
    public LedgerGate? Gate { get; init; }

    public static LedgerCore Create(
        LedgerOptions options, LedgerConnections connections, NodeIdentity node, DeliveryFeed feed, TimeProvider time, ILoggerFactory loggers) =>
        new(options, connections, new HotTransactions(connections, options, time), node, feed, time, loggers);

    /// <summary>Runs with exceptions as callers see them.</summary>
    public static async Task<T> TranslatedAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e)
        {
            var seen = LedgerFailures.Translate(e);
            if (ReferenceEquals(seen, e))
            {
                throw;
            }

            throw seen;
        }
    }

    /// <summary>When a delivery that is announced now is due for whoever reads the outbox.</summary>
    public DateTimeOffset DueAfterGrace() => Time.GetUtcNow() + Options.PushGrace;

    public GroupCommit<TItem, TResult> Group<TItem, TResult>(string name, Func<CommitBatch<TItem, TResult>, Task> commit) =>
        new(GroupCommitOptions.From(Options) with { Name = name }, commit, LedgerFailures.Classify, Time, Gate is { } gate ? () => gate.IsAway : null);

    /// <summary>One hot transaction, tried once. The token ends the wait, never the transaction.</summary>
    public Task<T> RunAsync<T>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        TranslatedAsync(() => Hot.RunAsync(fill, read).WaitAsync(cancellationToken));

    /// <summary>One read of rows.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken) => RunAsync(
        fill,
        async reader =>
        {
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(row(reader));
            }

            return (IReadOnlyList<T>)rows;
        },
        cancellationToken);
}
