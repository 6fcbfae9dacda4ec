namespace SmsGateway.Ledger;

/// <summary>Brings a database to the schema of this build. Run by <c>SmsGateway.Host migrate</c>; one at a time (advisory lock).</summary>
public static class LedgerMigrator
{
    /// <summary>Migrates, makes the installation's key once, and the partitions of today and the next three days.</summary>
    /// <returns>The migrations applied now, in order; empty when there was nothing to do.</returns>
    public static Task<IReadOnlyList<string>> MigrateAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}

/// <summary>Refuses a schema that does not suit this build.</summary>
public static class SchemaCheck
{
    /// <summary>Checks.</summary>
    /// <exception cref="SchemaMismatchException">It does not suit; the message says what to do.</exception>
    public static Task EnsureSuitsAsync(LedgerConnections connections, CancellationToken cancellationToken) => throw new NotImplementedException();
}
