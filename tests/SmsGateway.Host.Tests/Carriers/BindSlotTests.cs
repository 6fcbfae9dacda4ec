using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// A carrier that limits the binds of all nodes together.
public sealed class BindSlotTests
{
    private static readonly (string, string)[] OftenLooked = [("BindShareInterval", "00:00:00.100")];

    [Fact]
    public async Task A_node_never_makes_more_binds_than_the_carrier_allows_and_gives_every_place_back()
    {
        await using var bench = await CarrierBench.StartAsync(OftenLooked);
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 4, MaxBinds = 2 });
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 2, "two binds are up");
        await bench.HandInAsync(50);
        await bench.CountedAsync(50, "attempt_end", "kind = 1");
        Assert.Equal((2, 2), (bench.Smsc.BindRequests.Count, await bench.CountAsync("bind_slot")));
        bench.Apply(carrier => carrier with { Enabled = false });
        await bench.CountedAsync(0, "bind_slot");
    }

    [Fact]
    public async Task A_refused_bind_does_not_keep_its_place()
    {
        await using var bench = await CarrierBench.StartAsync(OftenLooked);
        bench.Smsc.BindStatus = CommandStatus.BindFailed;
        bench.Apply(carrier => carrier with { MaxBinds = 1 });
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count >= 3, "three tries");
        bench.Apply(carrier => carrier with { MaxBinds = 1, Enabled = false });
        await bench.CountedAsync(0, "bind_slot");
        bench.Smsc.BindStatus = CommandStatus.Ok;
        await bench.ConfigureAsync(carrier => carrier with { MaxBinds = 1 });
    }

    [Fact]
    public async Task A_node_that_comes_gets_its_part_from_one_that_has_all_and_no_answer_is_lost()
    {
        await using var first = await CarrierBench.StartAsync(OftenLooked);
        first.Smsc.Script = (_, _) => null;
        await first.ConfigureAsync(carrier => carrier with { BindsPerNode = 2, MaxBinds = 2 });
        await first.SubmitBindsAsync(2);
        await first.HandInAsync(2);
        await Eventually.TrueAsync(() => first.Smsc.Unanswered.Count == 2, "one is unanswered on each bind");

        await using var second = await first.BesideAsync("smsc2.dc3", OftenLooked);
        second.Apply(carrier => carrier with { BindsPerNode = 2, MaxBinds = 2 });
        await first.ReadDirectoryAsync();
        await second.ReadDirectoryAsync();
        await Eventually.TrueAsync(() => first.Connectors.Statuses.Single().SubmitBinds == 1, "one is about to be given back");
        Assert.Equal((2, 0), (first.Binds.All.Count, second.Binds.All.Count));
        first.Smsc.AnswerAll();
        await Eventually.TrueAsync(() => first.Binds.All.Count == 1 && second.Binds.All.Count == 1, "each node has one");
        await first.CountedAsync(2, "attempt_end", "kind = 1");
        Assert.Equal((0, 2), (await first.CountAsync("attempt"), await first.CountAsync("bind_slot")));
        Assert.Equal(3, first.Smsc.BindRequests.Count);
    }

    [Fact]
    public async Task Places_of_a_node_that_is_taken_over_go_to_the_others_and_its_own_binds_end_when_it_wakes()
    {
        await using var first = await CarrierBench.StartAsync(("BindShareInterval", "00:00:01"));
        await first.ConfigureAsync(carrier => carrier with { MaxBinds = 1 });
        await using var second = await first.BesideAsync("smsc2.dc3", OftenLooked);
        second.Apply(carrier => carrier with { MaxBinds = 1 });
        await first.ExecuteAsync("UPDATE node SET live = false, epoch = epoch + 1 WHERE name = 'smsc1.dc3'");
        await Eventually.TrueAsync(() => second.Link.Live, "the second node has the place");
        await Eventually.TrueAsync(() => first.Binds.All.Count == 0, "the first one's bind ended");
        Assert.Equal(1, await first.CountAsync("bind_slot"));
    }

    [Fact]
    public async Task Transmitters_and_receivers_are_balanced_over_all_nodes()
    {
        await using var first = await CarrierBench.StartAsync(OftenLooked);
        await using var second = await first.BesideAsync("smsc2.dc3", OftenLooked);
        foreach (var bench in (CarrierBench[])[first, second])
        {
            bench.Apply(carrier => carrier with { BindType = CarrierBindType.TransmitterReceiver, BindsPerNode = 2, MaxBinds = 4 });
        }

        await Eventually.TrueAsync(() => first.Binds.All.Count + second.Binds.All.Count == 4, "four binds are up");
        Assert.Equal(
            [BindType.Receiver, BindType.Receiver, BindType.Transmitter, BindType.Transmitter],
            first.Smsc.BindRequests.Select(bind => bind.Type).Order());
    }

    [Fact]
    public async Task Without_a_valid_lease_no_place_is_taken()
    {
        await using var bench = await CarrierBench.StartAsync(OftenLooked);
        bench.LeaseClock.Advance(bench.Get<LedgerOptions>().LeaseValidFor);
        bench.Apply(carrier => carrier with { MaxBinds = 1 });
        await Eventually.TrueAsync(() => bench.Connectors.Statuses.Count == 1, "the connector runs");
        Assert.Empty(bench.Smsc.BindRequests);
        Assert.False(bench.Get<NodeStance>().Emits);
        await bench.Get<NodeLedger>().RegisterAsync("test", CancellationToken.None);
        await Eventually.TrueAsync(() => bench.Link.Live, "it binds under the new epoch");
        Assert.Single(bench.Smsc.BindRequests);
    }
}
