using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>Brings a database to the schema of this build. Run by <c>SmsGateway.Host migrate</c>; one at a time (advisory lock).</summary>
public static class LedgerMigrator
{
    /// <summary>Migrates, makes the installation's key once, and the partitions of today and the next three days.</summary>
    /// <returns>The migrations applied now, in order; empty when there was nothing to do.</returns>
    /// <exception cref="LedgerUnavailableException">The database is out of reach, or a lock did not come within 10 s.</exception>
    public static Task<IReadOnlyList<string>> MigrateAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        return LedgerCore.TranslatedAsync(() => RunAsync(connectionString, time, cancellationToken));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken)
    {
        var text = LedgerHosts.PrimaryOf(connectionString);
        (text.ApplicationName, text.Pooling) = ("smsgateway/migrate", false);
        await using var source = NpgsqlDataSource.Create(text);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await Partitions.ExecuteAsync(connection, "SET lock_timeout = '10s'", cancellationToken);
        await Partitions.ExecuteAsync(connection, "SELECT pg_advisory_lock(7310002)", cancellationToken);
        await using var context = new LedgerDbContext(new DbContextOptionsBuilder<LedgerDbContext>().UseNpgsql(connection).Options);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await context.Database.MigrateAsync(cancellationToken);
        }

        await MakeKeyAsync(connection, time, cancellationToken);
        var busy = new List<string>();
        await PartitionCalendar.CreateAheadAsync(connection, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), [], busy, cancellationToken);
        return busy.Count == 0
            ? pending
            : throw new LedgerUnavailableException($"Partitions could not be made because their tables were locked ({string.Join(", ", busy)}): run it again.");
    }

    private static async Task MakeKeyAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("INSERT INTO installation (only_one, key, created_at) VALUES (true, $1, $2) ON CONFLICT DO NOTHING", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = RandomNumberGenerator.GetBytes(32) },
                new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Partitions.ExecuteAsync(
            connection, "UPDATE key_generation SET since = (SELECT created_at FROM installation) WHERE current = 1 AND previous = 0", cancellationToken);
    }
}
