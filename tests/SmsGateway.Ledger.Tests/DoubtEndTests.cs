namespace SmsGateway.Ledger.Tests;

// Doubts that are given up or confirmed: what the customer is told, what may still come, who decided.
public sealed class DoubtEndTests : IAsyncLifetime
{
    private static readonly DoubtOrder Validity = new(DoubtDecision.GiveUp, "validity");
    private static readonly AuditActor Anna = new("anna", "operator", "carrier says so");

    private DoubtBench _bench = null!;

    private LedgerUnderTest A => _bench.A;

    private LedgerUnderTest B => _bench.B;

    public async Task InitializeAsync() => _bench = await DoubtBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(RegisteredReceipts.All, 1)]
    [InlineData(RegisteredReceipts.Failures, 0)]
    [InlineData(RegisteredReceipts.None, 0)]
    public async Task At_the_end_of_its_validity_a_doubt_is_unknown_with_a_receipt_where_every_one_is_asked_for(RegisteredReceipts registered, int owed)
    {
        var entry = await _bench.DoubtAsync(validity: TimeSpan.FromSeconds(30), registered: registered);
        var late = await DoubtBench.OpenAsync(B);
        var doubts = await DoubtBench.SeenByAsync(B, "carrier-a@b#1");
        Assert.Equal(1, await DoubtBench.DecideAsync(B, doubts, Validity));
        Assert.Equal((MtState.Unknown, MtState.Submitting), ((await _bench.TraceAsync(entry)).State, (await _bench.TraceAsync(late)).State));
        var announced = DoubtBench.Announced(B, entry);
        Assert.Equal(owed, announced.Count);
        Assert.All(announced, d => Assert.Equal((ReceiptState.Unknown, (short)99, "447700900001", "12345"), (d.State!.Value, d.ResultCode, d.Source, d.Destination)));
        Assert.Equal(owed, await B.ScalarAsync<long>($"SELECT count(*) FROM outbox WHERE owner = {B.Node.Current.Node} AND epoch = {B.Node.Current.Epoch}"));
        Assert.Equal(0, await DoubtBench.DecideAsync(B, doubts, Validity));
    }

    [Fact]
    public async Task What_is_still_valid_is_not_given_up_by_its_validity()
    {
        await _bench.DoubtAsync();
        var doubts = await DoubtBench.SeenByAsync(B);
        Assert.Equal(0, await DoubtBench.DecideAsync(B, doubts, Validity));
        Assert.Equal(1, await DoubtBench.DecideAsync(B, doubts, Validity with { Early = true, By = Anna, Target = "give_up" }));
    }

    [Fact]
    public async Task An_answer_and_a_receipt_after_it_was_given_up_make_it_final()
    {
        var entry = await _bench.DoubtAsync(validity: TimeSpan.FromSeconds(30));
        await DoubtBench.DecideAsync(B, await DoubtBench.SeenByAsync(B), Validity);
        var id = Make.Id("late");
        Assert.Equal(ReceiptVerdict.Parked, await B.Receipts.RecordAsync(DoubtBench.Receipt(B, id), CancellationToken.None));
        Assert.Equal(OutcomeVerdict.Evidence, await A.Outcomes.RecordAsync(DoubtBench.Answer(entry, id), CancellationToken.None));
        await TestKit.Eventually.TrueAsync(async () => (await _bench.TraceAsync(entry)).State == MtState.Delivered, "the receipt is joined");
    }

    [Fact]
    public async Task A_receipt_that_only_a_given_up_message_can_be_meant_by_makes_it_final()
    {
        var entry = await _bench.DoubtAsync(validity: TimeSpan.FromSeconds(30));
        await DoubtBench.DecideAsync(B, await DoubtBench.SeenByAsync(B), Validity);
        await B.Receipts.RecordAsync(DoubtBench.Receipt(B, Make.Id("late")), CancellationToken.None);
        Assert.Equal(new DoubtNamed("carrier-a", WasOpen: false), Assert.Single(await B.Doubts.NameAsync(10, CancellationToken.None)));
        Assert.Equal(MtState.Delivered, (await _bench.TraceAsync(entry)).State);
        Assert.Equal(2, DoubtBench.Announced(B, entry).Count);
    }

    [Fact]
    public async Task A_part_in_doubt_of_a_long_message_gives_one_derived_receipt()
    {
        var entry = Make.Entry(A, Make.Id(), parts: 2, at: A.Core.Time.GetUtcNow().AddMinutes(-1), validity: TimeSpan.FromSeconds(50));
        await A.Claims.ClaimAsync(entry, CancellationToken.None);
        var segments = await A.Queue.FetchAsync("carrier-a", Priority.Bulk, 10, 0, CancellationToken.None);
        await A.Attempts.AttemptAsync([.. segments.Select(s => Make.Attempt(s, "carrier-a@a#1"))]);
        var id = Make.Id("part");
        await A.Outcomes.RecordAsync(Make.Outcome(new AttemptKey(segments[0].Key, 1), carrierId: id, at: entry.AcceptedAt), CancellationToken.None);
        await A.Receipts.RecordAsync(DoubtBench.Receipt(A, id), CancellationToken.None);
        await _bench.LeaveAsync();
        Assert.Equal(1, await DoubtBench.DecideAsync(B, await DoubtBench.SeenByAsync(B), Validity));
        var delivery = Assert.Single(DoubtBench.Announced(B, entry));
        Assert.Equal((ReceiptState.Unknown, (short)0), (delivery.State!.Value, delivery.Segment!.Value));
        Assert.Equal(MtState.Unknown, (await _bench.TraceAsync(entry)).State);
    }

    [Fact]
    public async Task What_an_operator_knows_was_sent_is_submitted_and_a_receipt_still_finds_it()
    {
        var entry = await _bench.DoubtAsync();
        var order = new DoubtOrder(DoubtDecision.Sent, "operator") { By = Anna, Target = "sent (named)" };
        Assert.Equal(1, await DoubtBench.DecideAsync(B, await DoubtBench.SeenByAsync(B), order));
        Assert.Equal(MtState.Submitted, (await _bench.TraceAsync(entry)).State);
        Assert.Empty(DoubtBench.Announced(B, entry));
        await B.Receipts.RecordAsync(DoubtBench.Receipt(B, Make.Id("sent")), CancellationToken.None);
        Assert.Single(await B.Doubts.NameAsync(10, CancellationToken.None));
        Assert.Equal(MtState.Delivered, (await _bench.TraceAsync(entry)).State);
        var line = Assert.Single(await B.Modes.AuditAsync(null, 10, CancellationToken.None));
        Assert.Equal(("anna", "operator", "b", "doubts decided", "sent (named)"), (line.Actor, line.Role, line.Node, line.Action, line.Target));
        Assert.Equal(("1 in doubt", "1 decided", "carrier says so"), (line.Before, line.After, line.Note));
    }

    [Fact]
    public async Task Doubts_are_counted_by_connector()
    {
        await DoubtBench.OpenAsync(A, connector: "carrier-b");
        await _bench.DoubtAsync();
        await DoubtBench.OpenAsync(B);
        Assert.Equal([("carrier-a", 1L), ("carrier-b", 1L)], (await B.Doubts.CountAsync(CancellationToken.None)).Order());
    }
}
