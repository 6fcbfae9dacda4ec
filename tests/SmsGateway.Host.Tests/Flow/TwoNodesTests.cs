using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

public sealed class TwoNodesTests : IAsyncLifetime
{
    private readonly List<AttemptKey> _sent = [];
    private FlowNode _dc3 = null!;
    private FlowNode _bos = null!;

    public async Task InitializeAsync()
    {
        var database = await FlowNode.DatabaseAsync();
        _dc3 = await FlowNode.StartAsync(database, "smsc1.dc3");
        _bos = await FlowNode.StartAsync(database, "smsc1.bos");
        await _dc3.SeesAsync(directory => directory.Peers.Count == 1);
        await _bos.SeesAsync(directory => directory.Peers.Count == 1);
    }

    public async Task DisposeAsync()
    {
        await _bos.DisposeAsync();
        await _dc3.DisposeAsync();
    }

    [Fact]
    public async Task An_MT_claimed_where_its_carrier_is_not_is_sent_once_by_the_node_that_reaches_it()
    {
        _bos.Link().SetLive(true);
        await _dc3.SeesAsync(directory => directory.IsLiveElsewhere("carrier-a"));

        await _dc3.SubmitAsync(25);

        await SentAsync(25);
        Assert.Equal(0, _dc3.Memory.Count);
    }

    [Fact]
    public async Task What_waits_when_a_connector_dies_is_sent_once_by_the_node_where_it_lives()
    {
        _dc3.Link().SetLive(true);
        await _dc3.SubmitAsync(25);
        Assert.Equal(25, _dc3.Link().Lanes.Count);

        _bos.Link().SetLive(true);
        await _dc3.SeesAsync(directory => directory.IsLiveElsewhere("carrier-a"));
        _dc3.Link().SetLive(false);

        await SentAsync(25);
        Assert.Equal(0, _dc3.Memory.Count);
    }

    [Fact]
    public async Task A_dead_node_is_taken_over_and_what_it_owned_is_sent_once()
    {
        await _dc3.SubmitAsync(25);
        await _dc3.BringMoAsync("acme");
        await _dc3.KillAsync();
        _bos.Link().SetLive(true);
        var lane = _bos.Open("acme");

        await SentAsync(25);
        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "the MO is where the account is bound");
    }

    [Fact]
    public async Task A_woken_node_forgets_what_it_held_and_takes_a_new_epoch()
    {
        _dc3.Link().SetLive(true);
        await _dc3.SubmitAsync(25);
        var before = _dc3.Get<NodeLease>().Epoch;

        await TakeOverAsync();

        await Eventually.TrueAsync(() => _dc3.Get<NodeLease>() is { IsValid: true } lease && lease.Epoch > before, "a new epoch is held");
        _bos.Link().SetLive(true);
        await SentAsync(25);
        await Eventually.TrueAsync(() => _dc3.Memory.Count == 0 && _bos.Memory.Count == 0, "nothing is left in memory");
    }

    [Fact]
    public async Task An_MT_that_comes_while_the_epoch_is_lost_is_claimed_under_the_next_one()
    {
        _dc3.Link().SetLive(true);
        await TakeOverAsync();

        Assert.Equal(AcceptanceKind.Accepted, (await _dc3.SubmitAsync()).Kind);

        await SentAsync(1);
    }

    [Fact]
    public async Task An_MO_finds_its_account_at_the_other_node_soon_and_once()
    {
        var lane = _bos.Open("acme");
        await _dc3.SeesAsync(directory => directory.IsReachedElsewhere("acme"));

        await _dc3.BringMoAsync("acme");

        await Eventually.TrueAsync(() => lane.Reader.Count > 0, "the MO is where the account is bound", TimeSpan.FromSeconds(20));
        Assert.Equal(1, lane.Reader.Count);
        await Eventually.TrueAsync(() => _dc3.Get<DeliveriesInMemory>().Count == 0, "the node that gave it away forgets it");
    }

    [Fact]
    public async Task A_delivery_nobody_could_take_goes_to_the_node_where_the_account_binds_later()
    {
        await _dc3.BringMoAsync("acme");

        var lane = _bos.Open("acme");

        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "the MO is where the account is bound");
    }

    [Fact]
    public async Task A_delivery_refused_here_is_offered_at_the_other_node_with_its_id_and_its_offers()
    {
        var here = _dc3.Open("acme");
        var there = _bos.Open("acme");
        await _dc3.SeesAsync(directory => directory.IsReachedElsewhere("acme"));
        await _dc3.BringMoAsync("acme");
        await Eventually.TrueAsync(() => here.Reader.Count == 1, "it is offered where it came in");
        Assert.True(here.Reader.TryRead(out var offered));

        _dc3.Get<Deliveries>().Retry(offered, TimeProvider.System.GetUtcNow(), "acme@smsc1.dc3#1", "deliver_sm_resp 0x14");

        await Eventually.TrueAsync(() => there.Reader.Count == 1, "it is offered at the other node");
        Assert.True(there.Reader.TryRead(out var again));
        Assert.Equal((offered.Id, (short)1), (again.Id, again.Offers));
        Assert.Equal(0, here.Reader.Count);
    }

    [Fact]
    public async Task A_standby_gives_all_it_owns_to_a_hot_node_and_refuses()
    {
        await _dc3.SubmitAsync(25);
        await _dc3.BringMoAsync("acme");

        await ModeAsync(NodeMode.Standby);

        await SentAsync(25);
        var lane = _bos.Open("acme");
        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "the MO is where the account is bound");
        Assert.Equal(AcceptanceKind.Draining, (await _dc3.SubmitAsync()).Kind);
        Assert.Equal("standby", _dc3.Get<NodeStance>().Word);
        Assert.False(_dc3.Get<NodeStance>().Emits);

        await ModeAsync(NodeMode.Hot);
        await Eventually.TrueAsync(() => _dc3.Get<NodeStance>().Emits, "it is hot again");
        Assert.Equal(AcceptanceKind.Accepted, (await _dc3.SubmitAsync()).Kind);
    }

    [Fact]
    public async Task A_draining_node_keeps_nothing_that_is_due_in_an_hour()
    {
        var lane = _dc3.Open("acme");
        await _dc3.BringMoAsync("acme");
        await Eventually.TrueAsync(() => lane.Reader.Count == 1, "it is offered where it came in");
        Assert.True(lane.Reader.TryRead(out var offered));
        _dc3.Get<Deliveries>().Retry(offered, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), "127.0.0.1", "503");
        await _dc3.Get<DeliveryEnds>().FlushAsync(CancellationToken.None);

        await ModeAsync(NodeMode.Draining);

        await Eventually.TrueAsync(async () => await _bos.Get<OutboxLedger>().DepthAsync(CancellationToken.None) == 1, "the other node owes it");
        Assert.Equal(0, await _dc3.Get<OutboxLedger>().DepthAsync(CancellationToken.None));
    }

    // From both nodes, as their carriers would, until so many went out; and not one of them twice.
    private async Task SentAsync(int count)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                _bos.Link().SetLive(true);
                _sent.AddRange(await _dc3.SendAsync());
                _sent.AddRange(await _bos.SendAsync());
                return _sent.Count >= count;
            },
            $"{count} segments are sent",
            TimeSpan.FromSeconds(90)); // a dead node is taken over first
        Assert.Equal(count, _sent.Select(attempt => attempt.Segment).Distinct().Count());
        Assert.Equal(count, _sent.Count);
    }

    private async Task ModeAsync(NodeMode mode)
    {
        await _bos.Get<ModeLedger>().SetNodeAsync("smsc1.dc3", mode, new AuditActor("test", "operator", null), CancellationToken.None);
        _bos.Get<NodeHints>().Tell(0, HintKind.Directory);
        await Eventually.TrueAsync(() => _dc3.Get<NodeStance>().Mode == mode, "the mode is followed");
    }

    // As the other node does with one that was silent for too long. The counter may move between look and act.
    private async Task TakeOverAsync() => await Eventually.TrueAsync(
        async () =>
        {
            var seen = (await _bos.Get<NodeLedger>().ListAsync(CancellationToken.None)).Single(node => node.Name == "smsc1.dc3");
            return await _bos.Get<NodeLedger>().TakeOverAsync(seen, CancellationToken.None);
        },
        "the node is taken over");
}
