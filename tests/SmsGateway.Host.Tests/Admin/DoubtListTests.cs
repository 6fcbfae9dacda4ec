using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>Doubts of one node, asked of another.</summary>
public sealed class DoubtListTests
{
    private const string Bind = "carrier-a@smsc1.dc3#1";

    [Fact]
    public async Task Every_node_lists_the_doubts_of_every_other_as_soon_as_their_binds_are_told()
    {
        var ledger = await AdminBench.MigratedAsync();
        await using var dc3 = await StartedAsync(ledger, "smsc1.dc3", "dc3");
        await using var bos = await StartedAsync(ledger, "smsc1.bos", "bos");
        var bind = dc3.Services.GetRequiredService<BindDirectory>().Add(Listing());
        await dc3.LookAsync();
        await ClaimAsync(dc3, "young", TimeSpan.Zero);
        await ClaimAsync(dc3, "old", TimeSpan.FromSeconds(11));
        Assert.Equal(0, await TotalAsync(bos));
        Assert.Equal(2, await AttemptsLeftAsync(bos));

        bind.Dispose();
        Assert.Equal(2, await TotalAsync(dc3)); // of its own it knows at once
        Assert.Equal(0, await TotalAsync(bos));

        await dc3.LookAsync();
        var (_, doubts) = await bos.GetAsync("/admin/v1/doubts");
        var doubt = Assert.Single(doubts.GetProperty("items").EnumerateArray()); // the young one may be on a bind not told yet
        Assert.Equal("bind_gone", doubt.GetProperty("cause").GetString());
        Assert.Equal("smsc1.dc3", doubt.GetProperty("node").GetString());
        Assert.Equal(0, await AttemptsLeftAsync(bos));

        await dc3.Services.GetRequiredService<NodeLedger>().LeaveAsync(CancellationToken.None);
        Assert.Equal(2, await TotalAsync(bos));
    }

    [Fact]
    public async Task A_bind_that_is_gone_is_told_until_the_ledger_has_what_is_known_of_its_attempts()
    {
        var ledger = await AdminBench.MigratedAsync();
        await using var dc3 = await StartedAsync(ledger, "smsc1.dc3", "dc3");
        await using var bos = await StartedAsync(ledger, "smsc1.bos", "bos");
        await ClaimAsync(dc3, "old", TimeSpan.FromSeconds(11));
        using var outcomes = dc3.Services.GetRequiredService<UntoldEnds>().Open();
        outcomes.Enter(Bind);
        await dc3.LookAsync();
        Assert.Equal((0, 0), (await TotalAsync(dc3), await TotalAsync(bos)));
        outcomes.Leave(Bind);
        await dc3.LookAsync();
        Assert.Equal((1, 1), (await TotalAsync(dc3), await TotalAsync(bos)));
    }

    private static async Task<int> TotalAsync(AdminBench bench) => (await bench.GetAsync("/admin/v1/doubts")).Body.GetProperty("total").GetInt32();

    private static async Task<int> AttemptsLeftAsync(AdminBench bench) =>
        (await bench.GetAsync("/admin/v1/nodes")).Body.EnumerateArray().Single(node => node.GetProperty("name").GetString() == "smsc1.dc3")
            .GetProperty("leftovers").GetProperty("attempts").GetInt32();

    private static async Task<AdminBench> StartedAsync(string ledger, string name, string site)
    {
        var bench = await AdminBench.StartAsync(ledger, name, site);
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        return bench;
    }

    private static BindListing Listing() => new()
    {
        Name = Bind,
        Side = BindSide.Carrier,
        Party = "carrier-a",
        Type = "TRX",
        Remote = "",
        Since = default,
        Window = 10,
        Outstanding = () => 0,
        IncomingOutstanding = () => 0,
    };

    private static async Task ClaimAsync(AdminBench bench, string clientMessageId, TimeSpan ago)
    {
        var keys = await bench.Services.GetRequiredService<NodeLedger>().ReadKeysAsync(CancellationToken.None);
        var at = TimeProvider.System.GetUtcNow() - ago;
        var entry = new NewEntry
        {
            Id = keys.ForClientMessageId("demo", clientMessageId),
            Keyed = true,
            ContentHash = Guid.NewGuid(),
            Account = "demo",
            Protocol = Protocol.Http,
            ClientMessageId = clientMessageId,
            Sender = "12345",
            Destination = "447700900123",
            Route = ["carrier-a"],
            Priority = Priority.Interactive,
            Registered = RegisteredReceipts.All,
            DataCoding = 0,
            Payloads = [[.. "text"u8]],
            AcceptedAt = at,
            ValidUntil = at.AddDays(1),
            FirstAttempt = new FirstAttempt("carrier-a", Bind),
        };
        Assert.Equal(VerdictKind.Claimed, (await bench.Services.GetRequiredService<ClaimLedger>().ClaimAsync(entry, CancellationToken.None)).Kind);
    }
}
