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

    /// <summary>These, or both, tell now how much they hold; however long the clock of the test stood still for their leases.</summary>
    private protected async Task HoldingAsync(long records, params LedgerUnderTest[] nodes)
    {
        foreach (var ledger in nodes.Length > 0 ? nodes : [A, B])
        {
            await ledger.ExecuteAsync(
                $"UPDATE node SET held = {records}, counter = counter + 1, renewed_at = '{Time.GetUtcNow():O}' WHERE id = {ledger.Node.Current.Node}");
        }
    }

    public async Task DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
