namespace SmsGateway.Ledger.Tests;

// Two nodes over a database of their own, and attempts that the first leaves in doubt.
internal sealed class DoubtBench(LedgerUnderTest a, LedgerUnderTest b) : IAsyncDisposable
{
    public LedgerUnderTest A => a;

    public LedgerUnderTest B => b;

    public static async Task<DoubtBench> StartAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        return new DoubtBench(await LedgerUnderTest.StartAsync(database, "a"), await LedgerUnderTest.StartAsync(database, "b"));
    }

    /// <summary>A message of one segment whose attempt is open, begun a minute ago.</summary>
    public static async Task<NewEntry> OpenAsync(
        LedgerUnderTest ledger, string destination = "447700900001", string connector = "carrier-a", TimeSpan? validity = null, Priority priority = Priority.Bulk,
        RegisteredReceipts registered = RegisteredReceipts.All, TimeSpan? ago = null)
    {
        var entry = Make.Entry(
            ledger, Make.Id(), destination: destination, registered: registered, priority: priority, validity: validity,
            first: new FirstAttempt(connector, $"{connector}@{ledger.Node.Name}#1"), at: ledger.Core.Time.GetUtcNow() - (ago ?? TimeSpan.FromMinutes(1)));
        Assert.True((await ledger.Claims.ClaimAsync(entry, CancellationToken.None)).MayEmit);
        return entry;
    }

    public async Task<NewEntry> DoubtAsync(string destination = "447700900001", TimeSpan? validity = null, RegisteredReceipts registered = RegisteredReceipts.All)
    {
        var entry = await OpenAsync(a, destination, validity: validity, registered: registered);
        await LeaveAsync();
        return entry;
    }

    /// <summary>The first node's epoch ends: what it has open is in doubt.</summary>
    public async Task LeaveAsync()
    {
        await a.Nodes.LeaveAsync(CancellationToken.None);
        await a.Nodes.RegisterAsync("again", CancellationToken.None);
        await a.Nodes.LeaveAsync(CancellationToken.None);
    }

    /// <summary>What a node's sweep would see with every connector and priority to be sent again.</summary>
    public static Task<IReadOnlyList<Doubt>> SeenByAsync(LedgerUnderTest ledger, params string[] binds) => ledger.Doubts.ToDecideAsync(
        new DoubtQuery(ledger.Node.FirstEpoch, binds, [.. Enum.GetValues<Priority>().Select(p => ("carrier-a", p))], 1000), CancellationToken.None);

    public static Task<int> ResendAsync(LedgerUnderTest ledger, IReadOnlyList<Doubt> doubts, TimeSpan drain = default) =>
        DecideAsync(ledger, doubts, new DoubtOrder(DoubtDecision.Resend, "policy") { Drain = drain });

    public static async Task<int> DecideAsync(LedgerUnderTest ledger, IReadOnlyList<Doubt> doubts, DoubtOrder order) =>
        (await ledger.Doubts.DecideAsync(doubts, order, CancellationToken.None)).Values.Sum();

    public static AttemptOutcome Answer(NewEntry entry, string carrierId) => Make.Outcome(Make.First(entry), carrierId: carrierId, at: entry.AcceptedAt);

    /// <summary>A receipt that came now.</summary>
    public static CarrierReceipt Receipt(LedgerUnderTest ledger, string carrierId, string source = "447700900001", string connector = "carrier-a", TimeSpan? ago = null) =>
        Make.Receipt(carrierId, source: source, connector: connector) with { At = ledger.Core.Time.GetUtcNow() - (ago ?? TimeSpan.FromSeconds(5)) };

    public async Task<MessageTrace> TraceAsync(NewEntry entry) => (await b.Messages.FindAsync(new MessageId(entry.Id), CancellationToken.None))!;

    public static List<Delivery> Announced(LedgerUnderTest ledger, NewEntry entry)
    {
        lock (ledger.Announced)
        {
            return ledger.Announced.FindAll(d => d.MessageId.Value == entry.Id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }
}
