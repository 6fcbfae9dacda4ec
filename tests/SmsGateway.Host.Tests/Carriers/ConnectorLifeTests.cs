using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// Binds that come and go, settings that change, and the stop.
public sealed class ConnectorLifeTests
{
    [Fact]
    public async Task A_connector_keeps_as_many_binds_as_it_should_under_names_of_their_own()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 3, SystemType = "gw" });
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 3, "three binds are up");
        Assert.Equal(["carrier-a@smsc1.dc3#1", "carrier-a@smsc1.dc3#2", "carrier-a@smsc1.dc3#3"], bench.Binds.All.Select(bind => bind.Name));
        Assert.All(bench.Binds.All, bind => Assert.Equal((BindSide.Carrier, CarrierBench.Carrier, "TRX", 100), (bind.Side, bind.Party, bind.Type, bind.Window)));
        Assert.All(bench.Smsc.BindRequests, bind => Assert.Equal(("smsgw", "smsgw", "gw", 0x34), (bind.SystemId, bind.Password, bind.SystemType, bind.InterfaceVersion)));
    }

    [Fact]
    public async Task Two_binds_share_the_directions_where_the_carrier_wants_it_so()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindType = CarrierBindType.TransmitterReceiver });
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 2, "both binds are up");
        Assert.Equal([BindType.Receiver, BindType.Transmitter], bench.Smsc.BindRequests.Select(bind => bind.Type).Order());
        var entry = (await bench.HandInAsync(1)).Single();
        var transmitter = bench.Binds.All.Single(bind => bind.Type == "TX").Name;
        await bench.CountedAsync(1, "attempt_end", $"bind = '{transmitter}'");
        bench.Smsc.Deliver(new DeliverSm { EsmClass = 4, SourceAddr = entry.Destination, ShortMessage = "id:id-1 stat:DELIVRD"u8.ToArray() });
        await bench.CountedAsync(1, "receipt");
    }

    [Fact]
    public async Task A_lost_bind_is_made_anew_and_sends_what_waits()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        for (var round = 2; round <= 4; round++)
        {
            bench.Smsc.DropAll();
            await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == round && bench.Link.Live, "the bind is back");
            await bench.HandInAsync(10);
            await bench.CountedAsync(10 * (round - 1), "attempt_end", "kind = 1");
        }
    }

    [Fact]
    public async Task In_mode_down_the_binds_end_in_order_and_in_mode_hot_they_are_made_anew()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 2 });
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 2, "both binds are up");
        await bench.HandInAsync(50);

        await SetModeAsync(NodeMode.Draining);
        Assert.Equal(2, bench.Binds.All.Count); // receipts still come
        await SetModeAsync(NodeMode.Down);
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 0 && !bench.Link.Live, "the binds have ended");
        Assert.Equal(0, await bench.CountAsync("attempt")); // every answer was awaited
        Assert.Equal(2, bench.Smsc.BindRequests.Count);

        await SetModeAsync(NodeMode.Hot);
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 2 && bench.Link.Live, "the binds are back");

        async Task SetModeAsync(NodeMode mode)
        {
            await bench.Get<ModeLedger>().SetNodeAsync("smsc1.dc3", mode, new AuditActor("a test", "operator", null), CancellationToken.None);
            await bench.ReadDirectoryAsync();
        }
    }

    [Fact]
    public async Task A_refused_bind_is_tried_again()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.BindStatus = CommandStatus.BindFailed;
        bench.Apply();
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count >= 3, "three tries");
        Assert.False(bench.Link.Live);
        bench.Smsc.BindStatus = CommandStatus.Ok;
        await Eventually.TrueAsync(() => bench.Link.Live, "the connector is live");
    }

    [Fact]
    public async Task Changed_settings_stop_the_connector_in_order_and_start_another()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        await bench.HandInAsync(50);
        bench.Apply(carrier => carrier with { BindsPerNode = 2 });
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 3 && bench.Link.Live, "one bind went, two came");
        await bench.HandInAsync(50);
        await bench.CountedAsync(100, "attempt_end", "kind = 1");
        Assert.Equal(100, bench.Smsc.Submits.Count);
        bench.Apply(carrier => carrier with { BindsPerNode = 2 });
        bench.Apply(carrier => carrier with { Enabled = false });
        await Eventually.TrueAsync(
            () => bench.Smsc.Sessions.Count == 0 && !bench.Link.Live && bench.Binds.All.Count == 0, "a disabled carrier has no bind, seen from either side");
        Assert.Equal(3, bench.Smsc.BindRequests.Count);
    }

    [Fact]
    public async Task A_carrier_meant_for_another_node_gets_no_bind_from_this_one()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Apply(carrier => carrier with { Nodes = ["smsc1.bos"] });
        bench.Apply(carrier => carrier with { Sites = ["dc3"], Nodes = ["smsc1.dc3"], SystemType = "mine" });
        await Eventually.TrueAsync(() => bench.Link.Live, "the second version is for this node");
        Assert.Equal("mine", Assert.Single(bench.Smsc.BindRequests).SystemType);
    }

    [Fact]
    public async Task A_stop_under_load_leaves_no_open_attempt_and_loses_nothing()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindsPerNode = 2, Window = 20 });
        await bench.HandInAsync(2_000);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count > 200, "it is in full swing");
        await bench.Connectors.StopSendingAsync();
        await bench.Connectors.DrainAsync(TimeSpan.FromSeconds(30));
        await bench.Connectors.UnbindAllAsync(TimeSpan.FromSeconds(30));
        var sent = bench.Smsc.Submits.Count;
        Assert.Equal((0, sent, 2_000 - sent), (await bench.CountAsync("attempt"), await bench.CountAsync("attempt_end", "kind = 1"), await bench.CountAsync("queue")));
        await Eventually.TrueAsync(() => bench.Smsc.Sessions.Count == 0, "no bind is left");
        Assert.Null(bench.Link.TryReserve);
        Assert.False(bench.Link.Live);
    }

    [Fact]
    public async Task A_stop_takes_receipts_until_it_unbinds_and_gives_up_on_silence_in_time()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(2);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 2, "two submits arrived");
        await bench.Connectors.StopSendingAsync();
        var draining = bench.Connectors.DrainAsync(TimeSpan.FromSeconds(30));
        Assert.False(draining.IsCompleted);
        bench.Smsc.Deliver(new DeliverSm { DestinationAddr = "12345", SourceAddr = "4477", ShortMessage = "late"u8.ToArray() });
        await bench.CountedAsync(1, "mo");
        bench.Smsc.AnswerAll();
        await draining;
        await bench.Connectors.UnbindAllAsync(TimeSpan.FromSeconds(30));
        await bench.CountedAsync(2, "attempt_end", "kind = 1");
        Assert.Equal(0, await bench.CountAsync("attempt"));
    }

    [Fact]
    public async Task What_is_unanswered_when_a_stop_gives_up_stays_in_doubt()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(2);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 2, "two submits arrived");
        await bench.Connectors.StopSendingAsync();
        await bench.Connectors.DrainAsync(TimeSpan.FromMilliseconds(50));
        await bench.Connectors.UnbindAllAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 0, 0), (await bench.CountAsync("attempt"), await bench.CountAsync("attempt_end"), await bench.CountAsync("queue")));
    }

    [Fact]
    public async Task The_status_tells_what_an_operator_asks()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { BindType = CarrierBindType.TransmitterReceiver });
        var status = Assert.Single(bench.Connectors.Statuses);
        Assert.Equal(new CarrierStatus(CarrierBench.Carrier, Live: true, SubmitBinds: 1, Wanted: 2, CircuitOpen: false, Waiting: 0, Uncommitted: 0), status);
    }
}
