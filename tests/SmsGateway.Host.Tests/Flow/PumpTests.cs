using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class PumpTests : IAsyncLifetime
{
    private const string Bind = "carrier-a@smsc1.dc3#1";
    private FlowNode _node = null!;

    public async Task InitializeAsync() => _node = await FlowNode.StartAsync(
        await FlowNode.DatabaseAsync(), "smsc1.dc3",
        ("Flow:DeliveryCapacity", "10"), ("Flow:LaneCapacity", "100"), ("Flow:PollInterval", "00:00:00.200"), ("Flow:FailoverAfter", "00:00:00"), ("Ledger:PushGrace", "00:00:00"));

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData(Protocol.Http)]
    [InlineData(Protocol.Smpp)]
    public async Task What_is_due_again_over_one_protocol_is_offered_while_the_other_one_takes_nothing(Protocol dead)
    {
        var well = dead == Protocol.Http ? Protocol.Smpp : Protocol.Http;
        var (full, lane) = (_node.Open("demo", dead), _node.Open("demo", well));
        for (var i = 0; i < 15; i++)
        {
            await _node.BringMoAsync("demo", dead);
        }

        await Eventually.TrueAsync(() => full.Reader.Count == 10, "the lane is full and more is owed");
        await _node.BringMoAsync("demo", well);
        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "it is offered");
        Assert.True(lane.Reader.TryRead(out var offered));

        _node.Get<Deliveries>().Retry(offered, TimeProvider.System.GetUtcNow(), "elsewhere", "no");

        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "it is offered again");
        Assert.True(lane.Reader.TryRead(out var again));
        Assert.Equal((offered.Id, (short)1), (again.Id, again.Offers));
        Assert.Equal(10, full.Reader.Count);
    }

    [Fact]
    public async Task A_segment_that_another_connector_can_send_is_not_hidden_by_those_that_wait_for_the_dead_one()
    {
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(AcceptanceKind.Accepted, (await SubmitAsync($"only a {i}", "carrier-a")).Kind);
        }

        await Eventually.TrueAsync(() => _node.Link().Lanes.Count == 60, "they wait for the only connector they may take");
        var live = _node.Link("carrier-b");
        live.SetLive(true);
        Assert.Equal(AcceptanceKind.Accepted, (await SubmitAsync("either", null)).Kind);
        var segments = new List<QueuedSegment>();
        await Eventually.TrueAsync(() => live.Lanes.TakeInto(segments, 1) == 1, "the next one of the route has it");

        _node.Memory.Remove(segments[0].Key); // as one that was not sent

        await Eventually.TrueAsync(() => live.Lanes.Count == 1, "it is read from the ledger again");
        Assert.Equal(1, live.Lanes.TakeInto(segments, 2));
        Assert.Equal(segments[0].Key, segments[1].Key);
    }

    [Fact]
    public async Task A_segment_that_failed_three_times_in_the_gateway_itself_is_parked_until_somebody_drives_it_again()
    {
        Assert.Equal(AcceptanceKind.Accepted, (await SubmitAsync("unwritable", "carrier-a")).Kind);
        for (short attempt = 1; attempt <= 3; attempt++)
        {
            await FailAsync(attempt);
        }

        var parked = _node.Get<ParkedLedger>();
        var segments = new ParkedChoice { Kind = "segment" };
        await Eventually.TrueAsync(async () => (await parked.CountAsync(segments, CancellationToken.None)).Sum(kind => kind.Redrivable) == 1, "it is parked");
        Assert.Contains("cannot be written", Assert.Single(await _node.Get<MessageQueries>().ParkedAsync(10, CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Empty(await _node.Get<QueueLedger>().ConnectorsWithWorkAsync(CancellationToken.None));
        Assert.Null(await TryAsync());
        await Eventually.TrueAsync(() => _node.Memory.Count == 0, "nothing is in memory");

        Assert.Equal(1, (await parked.RedriveAsync(segments, new AuditActor("anna", "operator", null), "test", CancellationToken.None)).Segments);

        Assert.Equal((4, 0), await FailAsync(4));
        Assert.Equal((5, 1), await FailAsync(5)); // counted anew
    }

    // As a bind does that cannot write it; without the pause before the next try.
    private async Task<(short Attempt, short Failures)> FailAsync(short attempt)
    {
        (QueuedSegment Segment, NewAttempt Attempt)? granted = null;
        await Eventually.TrueAsync(async () => (granted = await TryAsync()) is not null, $"try {attempt} can be made");
        var (segment, (key, _, _, at)) = granted!.Value;
        _node.Memory.Remove(segment.Key);
        Assert.Equal(OutcomeVerdict.Ended, await _node.Get<OutcomeLedger>().RecordAsync(
            new AttemptOutcome
            {
                Key = key,
                Kind = AttemptEndKind.NotSent,
                Connector = "carrier-a",
                Bind = Bind,
                AttemptedAt = at,
                EndedAt = at,
                Requeue = new Requeue(at, CountsAsFailure: true),
            },
            CancellationToken.None));
        return (segment.Attempt, segment.Failures);
    }

    // Takes one from the lane. Null when there is none, or only what a read of the ledger brought that began before the outcome of the last try.
    private async Task<(QueuedSegment Segment, NewAttempt Attempt)?> TryAsync()
    {
        var segments = new List<QueuedSegment>();
        if (_node.Link().Lanes.TakeInto(segments, 1) == 0)
        {
            return null;
        }

        var attempt = new NewAttempt(new AttemptKey(segments[0].Key, segments[0].Attempt), "carrier-a", Bind, TimeProvider.System.GetUtcNow());
        if ((await _node.Get<AttemptLedger>().AttemptAsync([attempt])).Count == 1)
        {
            return (segments[0], attempt);
        }

        _node.Memory.Remove(segments[0].Key);
        return null;
    }

    private async Task<AcceptanceResult> SubmitAsync(string clientMessageId, string? carrier) => await _node.Get<Acceptance>().SubmitAsync(
        new Submission
        {
            Account = _node.Get<ConfigurationState>().Current.Accounts["demo"],
            Protocol = Protocol.Http,
            ClientMessageId = clientMessageId,
            Sender = "12345",
            Destination = "447700900001",
            CarrierAsked = carrier,
            Text = "hello",
        },
        CancellationToken.None);
}
