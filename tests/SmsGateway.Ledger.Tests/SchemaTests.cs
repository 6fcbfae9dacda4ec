using Microsoft.EntityFrameworkCore;

namespace SmsGateway.Ledger.Tests;

public sealed class SchemaTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    [Fact]
    public void The_model_in_the_code_is_the_one_the_migrations_end_at()
    {
        using var context = new LedgerDbContext(LedgerDbContext.OptionsFor(fixture.Ledger.Connections.Cold));
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task The_check_accepts_a_migrated_database_and_a_second_migration_changes_nothing()
    {
        await SchemaCheck.EnsureSuitsAsync(fixture.Ledger.Connections, CancellationToken.None);
        var key = await fixture.Ledger.ScalarAsync<byte[]>("SELECT key FROM installation");
        Assert.Empty(await LedgerMigrator.MigrateAsync(fixture.Ledger.ConnectionString, TimeProvider.System, CancellationToken.None));
        Assert.Equal(key, await fixture.Ledger.ScalarAsync<byte[]>("SELECT key FROM installation"));
    }

    [Fact]
    public async Task An_empty_database_is_refused_with_what_to_do()
    {
        var cluster = await TestKit.PostgresCluster.SharedAsync();
        await using var connections = new LedgerConnections(
            new LedgerOptions { ConnectionString = await cluster.CreateDatabaseAsync(), RequireDurability = false }, new NodeIdentity("n", "s"));
        var refused = await Assert.ThrowsAsync<SchemaMismatchException>(() => SchemaCheck.EnsureSuitsAsync(connections, CancellationToken.None));
        Assert.Contains("SmsGateway.Host migrate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_one_migration_ahead_is_accepted_and_two_are_refused()
    {
        await using var ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());
        await ledger.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_Next', '10.0.0')");
        await SchemaCheck.EnsureSuitsAsync(ledger.Connections, CancellationToken.None);
        await ledger.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990102000000_Later', '10.0.0')");
        await Assert.ThrowsAsync<SchemaMismatchException>(() => SchemaCheck.EnsureSuitsAsync(ledger.Connections, CancellationToken.None));
    }
}
