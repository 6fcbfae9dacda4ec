using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// What a lost bind leaves in doubt, and from when on it may be sent again.
public sealed class LostBindTests
{
    [Fact]
    public async Task A_lost_bind_lingers_for_as_long_as_its_socket_may_drain()
    {
        await using var bench = await CarrierBench.StartAsync(("TcpUserTimeout", "00:10:00"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(3);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 3, "three submits are at the carrier");
        bench.Smsc.DropAll();
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2 && bench.Link.Live, "the bind is back");
        Assert.Equal(["carrier-a@smsc1.dc3#1", "carrier-a@smsc1.dc3#2"], bench.Get<LingeringBinds>().Names.Order());
        Assert.Equal(TimeSpan.FromMinutes(10), bench.Get<LingeringBinds>().Drain);
        Assert.Empty(await DoubtsAsync(bench));
        await bench.CountedAsync(3, "attempt");
    }

    [Fact]
    public async Task After_it_what_it_left_is_sent_again_on_another_bind_under_the_next_number()
    {
        await using var bench = await CarrierBench.StartAsync(("TcpUserTimeout", "00:00:01"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(3);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 3, "three submits are at the carrier");
        bench.Smsc.Script = (_, _) => bench.Smsc.Ok();
        bench.Smsc.DropAll();
        await Eventually.TrueAsync(async () => (await DoubtsAsync(bench)).Count == 3, "their bind has drained");
        var order = new DoubtOrder(DoubtDecision.Resend, "policy") { Drain = bench.Get<LingeringBinds>().Drain };
        Assert.Equal(3, (await bench.Get<DoubtLedger>().DecideAsync(await DoubtsAsync(bench), order, CancellationToken.None)).Values.Sum());
        await bench.ForgottenAsync();
        await bench.PumpAsync();
        await bench.CountedAsync(3, "attempt_end", "kind = 1 AND number = 2 AND bind = 'carrier-a@smsc1.dc3#2'");
        Assert.Equal(6, bench.Smsc.Submits.Count);
        Assert.Empty(await DoubtsAsync(bench));
    }

    private static Task<IReadOnlyList<Doubt>> DoubtsAsync(CarrierBench bench) => bench.Get<DoubtLedger>().ToDecideAsync(
        new DoubtQuery(bench.Get<NodeIdentity>().FirstEpoch, [.. bench.Get<LingeringBinds>().Names], [(CarrierBench.Carrier, Priority.Bulk)], 100),
        CancellationToken.None);
}
