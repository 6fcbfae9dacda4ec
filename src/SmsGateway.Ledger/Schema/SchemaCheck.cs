using Microsoft.EntityFrameworkCore;

namespace SmsGateway.Ledger;

/// <summary>Refuses a schema that does not suit this build: it runs on its own schema and on the next one, so that two versions can run at once.</summary>
public static class SchemaCheck
{
    /// <summary>Checks.</summary>
    /// <exception cref="SchemaMismatchException">It does not suit; the message says what to do.</exception>
    /// <exception cref="LedgerUnavailableException">The database is out of reach.</exception>
    public static Task EnsureSuitsAsync(LedgerConnections connections, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return LedgerCore.TranslatedAsync(async () =>
        {
            await using var context = new LedgerDbContext(LedgerDbContext.OptionsFor(await connections.ColdAsync(cancellationToken)));
            var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
            var known = context.Database.GetMigrations().ToList();
            var missing = known.Except(applied).ToList();
            if (missing.Count > 0)
            {
                throw new SchemaMismatchException(
                    $"The database lacks {missing.Count} migration(s) ({string.Join(", ", missing)}): run `SmsGateway.Host migrate` with this version first.");
            }

            var newer = applied.Except(known).ToList();
            return newer.Count <= 1
                ? true
                : throw new SchemaMismatchException(
                    $"The database is {newer.Count} migrations ahead of this version ({string.Join(", ", newer)}); one is supported. Run a newer version.");
        });
    }
}
