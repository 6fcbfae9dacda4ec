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

    /// <summary>Both tell now how much they hold.</summary>
    private protected async Task HoldingAsync(long records)
    {
        foreach (var ledger in (LedgerUnderTest[])[A, B])
        {
            Assert.True((await ledger.Nodes.RenewAsync(new NodeReport(null, null, null, records), CancellationToken.None)).Renewed);
        }
    }

    public async Task DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
