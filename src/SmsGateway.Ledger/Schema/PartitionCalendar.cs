using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>What a maintenance pass did.</summary>
/// <param name="Created">Partitions created.</param>
/// <param name="Dropped">Partitions dropped.</param>
/// <param name="RemnantsMoved">Rows past retention that open rows still refer to, moved to DEFAULT.</param>
/// <param name="Busy">Partitions left for the next pass because their table was locked too long.</param>
/// <param name="GenerationSwitched">A new key generation began.</param>
public sealed record CalendarPass(
    IReadOnlyList<string> Created, IReadOnlyList<string> Dropped, int RemnantsMoved, IReadOnlyList<string> Busy, bool GenerationSwitched);

/// <summary>Creates partitions ahead, drops old ones whole, switches key generations. Any node may run it; one at a time.</summary>
public sealed class PartitionCalendar
{
    /// <summary>Days made ahead of today.</summary>
    public const int DaysAhead = 3;

    private readonly LedgerCore _core;

    internal PartitionCalendar(LedgerCore core) => _core = core;

    /// <summary>One pass; cheap when nothing is due. Call it hourly.</summary>
    /// <returns>Null when another node is at it.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach; the next pass goes on.</exception>
    public Task<CalendarPass?> RunAsync(CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var connection = await _core.Connections.OpenColdAsync(cancellationToken);
        if (await Partitions.ScalarAsync(connection, "SELECT pg_try_advisory_lock(7310003)", cancellationToken) is not true)
        {
            return null;
        }

        try
        {
            // A lock that does not come soon makes claims wait behind it: better to come again.
            await Partitions.ExecuteAsync(connection, "SET lock_timeout = '2s'", cancellationToken);
            return await PassAsync(connection, cancellationToken);
        }
        finally
        {
            await Partitions.ExecuteAsync(connection, "SELECT pg_advisory_unlock(7310003)", CancellationToken.None);
        }
    });

    /// <summary>Makes the partitions of today and the days ahead.</summary>
    internal static async Task CreateAheadAsync(NpgsqlConnection connection, DateOnly today, List<string> created, List<string> busy, CancellationToken cancellationToken)
    {
        foreach (var table in Partitions.Tables)
        {
            for (var day = today; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                var (at, name) = (day, Partitions.NameOf(table, day));
                await UnlessBusyAsync(
                    name,
                    busy,
                    async () =>
                    {
                        if (await Partitions.EnsureAsync(connection, table, at, cancellationToken))
                        {
                            created.Add(name);
                        }
                    });
            }
        }
    }

    private static async Task UnlessBusyAsync(string name, List<string> busy, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            busy.Add(name);
        }
    }

    private async Task<CalendarPass> PassAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(_core.Time.GetUtcNow().UtcDateTime);
        var oldest = today.AddDays(-(int)Math.Ceiling(_core.Options.Retention.TotalDays));
        var (created, dropped, busy) = (new List<string>(), new List<string>(), new List<string>());
        var moved = 0;
        await CreateAheadAsync(connection, today, created, busy, cancellationToken);
        foreach (var table in Partitions.Tables)
        {
            foreach (var day in await Partitions.DaysAsync(connection, table, cancellationToken))
            {
                if (day < oldest)
                {
                    var (at, name) = (day, Partitions.NameOf(table, day));
                    await UnlessBusyAsync(
                        name,
                        busy,
                        async () =>
                        {
                            moved += await Partitions.DropAsync(connection, table, at, cancellationToken);
                            dropped.Add(name);
                        });
                }
            }

            await UnlessBusyAsync(table + "_default", busy, () => Partitions.SweepDefaultAsync(connection, table, oldest, cancellationToken));
        }

        var switched = false;
        await UnlessBusyAsync(
            "ledger_key", busy, async () => switched = await KeyGenerations.SwitchWhenDueAsync(connection, _core.Options.Retention, _core.Time, cancellationToken));
        if (created.Count + dropped.Count > 0 || switched)
        {
            LedgerLog.CalendarRan(_core.Loggers.CreateLogger<PartitionCalendar>(), created.Count, dropped.Count, moved, switched);
        }

        return new CalendarPass(created, dropped, moved, busy, switched);
    }
}
