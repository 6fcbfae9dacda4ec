using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// Tests of what two nodes do to one ledger, by one clock.
public abstract class TwoLedgers(ManualTimeProvider time) : IAsyncLifetime
{
    private protected ManualTimeProvider Time => time;

    private protected LedgerUnderTest A { get; private set; } = null!;

    private protected LedgerUnderTest B { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        A = await LedgerUnderTest.StartAsync(database, "smsc1.dc3", time);
        B = await LedgerUnderTest.StartAsync(database, "smsc2.dc3", time);
    }

    public async Task DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
