using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Tests.Admin;
using SmsGateway.Host.Tests.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Flow;

/// <summary>The sweep of doubts on two nodes of one ledger.</summary>
public sealed class DoubtSweepTests : IAsyncLifetime
{
    private static readonly CarrierDoubt Resend = CarrierDoubt.All(DoubtPolicy.Resend);
    private readonly List<DoubtSweeps> _sweeps = [];
    private DoubtBench _bench = null!;

    public async Task InitializeAsync() => _bench = await DoubtBench.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var sweeps in _sweeps)
        {
            await sweeps.StopAsync(CancellationToken.None);
            sweeps.Dispose();
        }

        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task What_a_policy_names_is_sent_again_by_another_node_and_the_rest_is_held()
    {
        var (resent, held) = (await _bench.OpenAsync(Priority.Bulk), await _bench.OpenAsync(Priority.Interactive));
        await _bench.LeaveAsync();
        await _bench.AgoAsync(31);
        await _bench.Bos.LookAsync();
        DoubtBench.Policy(_bench.Bos, new CarrierDoubt { Bulk = DoubtPolicy.Resend });
        await SweepAsync(_bench.Bos);
        await StateAsync(resent, "accepted");
        await Eventually.TrueAsync(() => Figures.Observed(Metrics(_bench.Bos)).GetValueOrDefault("smsgateway.doubts{carrier-a}") == 1, "one is left and counted");
        Assert.Equal("submitting", await StateAsync(held));
        Assert.False((await TraceAsync(held)).GetProperty("possible_duplicate").GetBoolean());
        Assert.True((await TraceAsync(resent)).GetProperty("possible_duplicate").GetBoolean());
    }

    [Fact]
    public async Task Nothing_is_decided_while_the_node_knows_ends_that_the_ledger_does_not()
    {
        var id = await _bench.OpenAsync();
        await _bench.LeaveAsync();
        await _bench.AgoAsync(31);
        await _bench.Bos.LookAsync();
        DoubtBench.Policy(_bench.Bos, Resend);
        var (asked, untold) = (0, true);
        bool Untold()
        {
            Interlocked.Increment(ref asked);
            return Volatile.Read(ref untold);
        }

        await SweepAsync(_bench.Bos, (IEnumerable<FactsUntold>)[Untold]);
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) >= 2, "two passes asked");
        Assert.Equal("submitting", await StateAsync(id));
        Volatile.Write(ref untold, false);
        await StateAsync(id, "accepted");
    }

    [Fact]
    public async Task A_validity_that_ends_in_doubt_makes_the_message_unknown_whatever_the_policy()
    {
        var id = await _bench.OpenAsync(validity: TimeSpan.FromSeconds(30));
        await _bench.LeaveAsync();
        await _bench.Bos.LookAsync();
        DoubtBench.Policy(_bench.Bos, Resend);
        await SweepAsync(_bench.Bos);
        await StateAsync(id, "unknown");
    }

    [Fact]
    public async Task A_node_sends_its_own_again_when_its_bind_is_gone_and_drained_and_leaves_what_a_bind_may_still_answer()
    {
        var (lost, draining, live) = (await _bench.OpenAsync(), await _bench.OpenAsync(bind: "carrier-a@smsc1.dc3#2"), await _bench.OpenAsync(bind: "carrier-a@smsc1.dc3#3"));
        var binds = _bench.Dc3.Services.GetRequiredService<LingeringBinds>();
        binds.Opened("carrier-a@smsc1.dc3#2");
        binds.Opened("carrier-a@smsc1.dc3#3");
        binds.Closed("carrier-a@smsc1.dc3#2");
        DoubtBench.Policy(_bench.Dc3, Resend);
        DoubtBench.Policy(_bench.Bos, Resend);
        await SweepAsync(_bench.Bos);
        await SweepAsync(_bench.Dc3);
        await StateAsync(lost, "accepted");
        Assert.Equal("submitting", await StateAsync(draining));
        Assert.Equal("submitting", await StateAsync(live));
    }

    [Fact]
    public async Task What_the_node_knows_of_a_lost_bind_and_has_not_told_keeps_policy_and_validity_from_deciding()
    {
        const string Second = "carrier-a@smsc1.dc3#2";
        var (resent, over) = (await _bench.OpenAsync(), await _bench.OpenAsync(validity: TimeSpan.FromSeconds(30), bind: Second));
        var third = await _bench.OpenAsync(bind: "carrier-a@smsc1.dc3#3");
        var ends = _bench.Dc3.Services.GetRequiredService<UntoldEnds>();
        using var outcomes = ends.Open();
        outcomes.Enter(DoubtBench.Bind);
        outcomes.Enter(DoubtBench.Bind);
        outcomes.Leave(DoubtBench.Bind);
        var key = new AttemptKey(new SegmentKey(Guid.NewGuid(), DateOnly.MinValue, 1), 1);
        _bench.Dc3.Services.GetRequiredService<UnknownAttempts>().Add(new NewAttempt(key, "carrier-a", Second, DateTimeOffset.UnixEpoch));
        Assert.Equal([DoubtBench.Bind, Second], ends.Binds.Order(StringComparer.Ordinal));
        DoubtBench.Policy(_bench.Dc3, Resend);
        await SweepAsync(_bench.Dc3);
        await StateAsync(third, "accepted");
        Assert.Equal("submitting", await StateAsync(resent));

        outcomes.Leave(DoubtBench.Bind);
        await StateAsync(resent, "accepted");
        Assert.Equal("submitting", await StateAsync(over));
    }

    [Fact]
    public async Task A_receipt_that_can_only_be_its_own_ends_a_doubt()
    {
        var id = await _bench.OpenAsync();
        await _bench.LeaveAsync();
        await SweepAsync(_bench.Bos);
        var now = TimeProvider.System.GetUtcNow();
        var receipt = new CarrierReceipt
        {
            Connector = "carrier-a",
            CarrierMessageId = "c1",
            Source = "447700900123",
            Destination = "12345",
            State = ReceiptState.Delivered,
            DoneAt = now,
            At = now,
            Body = [1],
            BodyHash = Guid.NewGuid(),
        };
        Assert.Equal(ReceiptVerdict.Parked, await _bench.Bos.Services.GetRequiredService<ReceiptLedger>().RecordAsync(receipt, CancellationToken.None));
        await StateAsync(id, "delivered");
    }

    private static HostMetrics Metrics(AdminBench bench) => bench.Services.GetRequiredService<HostMetrics>();

    private async Task SweepAsync(AdminBench bench, params object[] more)
    {
        var sweeps = ActivatorUtilities.CreateInstance<DoubtSweeps>(bench.Services, more);
        _sweeps.Add(sweeps);
        await sweeps.StartAsync(CancellationToken.None);
    }

    private async Task<JsonElement> TraceAsync(string id) => (await _bench.Bos.GetAsync("/admin/v1/messages/" + id)).Body;

    private async Task<string?> StateAsync(string id) => (await TraceAsync(id)).GetProperty("state").GetString();

    private Task StateAsync(string id, string state) => Eventually.TrueAsync(async () => await StateAsync(id) == state, $"it is {state}");
}
