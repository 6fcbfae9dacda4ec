using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class PumpTests : IAsyncLifetime
{
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

        _node.Get<Deliveries>().Retry(offered, DateTimeOffset.UtcNow, "elsewhere", "no");

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
