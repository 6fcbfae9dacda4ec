namespace SmsGateway.Ledger.Tests;

// A migrated database per test class and one node over it.
public sealed class LedgerFixture : IAsyncLifetime
{
    internal LedgerUnderTest Ledger { get; private set; } = null!;

    public async Task InitializeAsync() => Ledger = await LedgerUnderTest.StartAsync(await LedgerUnderTest.DatabaseAsync());

    public async Task DisposeAsync() => await Ledger.DisposeAsync();
}
