using System.Text.Json;
using System.Text.Json.Nodes;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>Carriers that answer late, die, or refuse.</summary>
public sealed class CarrierTroubleTests : IAsyncLifetime
{
    private readonly GatewayTopology _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Receipts_that_come_before_their_response_are_delivered_also_when_two_carriers_use_the_same_ids()
    {
        // Both simulated carriers count their ids from 1, so every id exists twice.
        await BehaveAsync(_gateway.CarrierA, new { receipts = new { delayMs = -30 } });
        await BehaveAsync(_gateway.CarrierB, new { receipts = new { delayMs = -30 } });

        await using var load = LoadRun.Smpp(_gateway, 1_000);
        var counts = await load.PassedAsync();

        Assert.Equal(1_000, counts.GetProperty("receiptsExpected").GetInt32());
        Assert.Equal(1_000, counts.GetProperty("receipts").GetInt32());
    }

    [Fact]
    public async Task The_next_connector_of_the_route_takes_over_from_a_dead_one_and_gives_back_when_it_lives_again()
    {
        await BehaveAsync(_gateway.CarrierA, new { refuseBinds = 0x0D });
        await _gateway.OrderAsync(_gateway.CarrierA, "/disconnect", new { });
        await Eventually.TrueAsync(
            async () => (await _gateway.GetAsync(_gateway.CarrierA, "/submits/summary")).GetProperty("binds").GetInt32() == 0
                && (await _gateway.AdminAsync("binds")).EnumerateArray().All(bind => bind.GetProperty("party").GetString() != "carrier-a"),
            "carrier-a has no bind, and the node knows it");

        var id = Guid.NewGuid().ToString("n");
        Assert.Equal(200, (await _gateway.PostAsync(("message_id", id), ("message", "over " + id))).Status);

        await Eventually.TrueAsync(async () => (await _gateway.SubmitsAsync(_gateway.CarrierB, id)).Length == 1, "carrier-b has it");
        Assert.Empty(await _gateway.SubmitsAsync(_gateway.CarrierA, id));
    }

    [Fact]
    public async Task What_no_carrier_takes_before_its_validity_ends_expires_with_a_receipt()
    {
        foreach (var carrier in new[] { _gateway.CarrierA, _gateway.CarrierB })
        {
            await BehaveAsync(carrier, new { refuseBinds = 0x0D });
            await _gateway.OrderAsync(carrier, "/disconnect", new { });
        }

        await ConfigureAsync("accounts", "demo", "defaultValidity", "00:00:02");
        var id = Guid.NewGuid().ToString("n");
        await Eventually.TrueAsync(async () => (await AccountAsync()).Contains("00:00:02", StringComparison.Ordinal), "the node follows the configuration");
        Assert.Equal(200, (await _gateway.PostAsync(("message_id", id), ("receipt", "TRUE"))).Status);

        await Eventually.TrueAsync(async () => (await _gateway.ReceivedAsync("message_id=" + id)).Length == 1, "the receipt is at the sink");
        Assert.Equal("3", (await _gateway.ReceivedAsync("message_id=" + id))[0].GetProperty("fields").GetProperty("message_state").GetString());
        Assert.Empty(await _gateway.SubmitsAsync(_gateway.CarrierA, id));
    }

    [Fact]
    public async Task A_refused_message_comes_back_as_a_rejected_receipt_and_a_throttled_one_is_tried_again()
    {
        await BehaveAsync(_gateway.CarrierA, new { refuseDestinationSuffixes = new[] { "13" }, refuseStatus = 0x0B });
        var refused = Guid.NewGuid().ToString("n");
        await _gateway.PostAsync(("message_id", refused), ("receipt", "TRUE"), ("phone_number", "447700900013"));
        await Eventually.TrueAsync(async () => (await _gateway.ReceivedAsync("message_id=" + refused)).Length == 1, "the receipt is at the sink");
        Assert.Equal("8", (await _gateway.ReceivedAsync("message_id=" + refused))[0].GetProperty("fields").GetProperty("message_state").GetString());

        await BehaveAsync(_gateway.CarrierA, new { throttleRatio = 1.0 });
        var throttled = Guid.NewGuid().ToString("n");
        await _gateway.PostAsync(("message_id", throttled), ("message", throttled));
        await Eventually.TrueAsync(async () => (await _gateway.SubmitsAsync(_gateway.CarrierA, throttled)).Length > 0, "it was throttled");
        await BehaveAsync(_gateway.CarrierA, new { throttleRatio = 0.0 });
        await Eventually.TrueAsync(
            async () => (await _gateway.SubmitsAsync(_gateway.CarrierA, throttled)).Any(s => s.GetProperty("status").GetString() == "0x00"), "it was taken");
    }

    [Fact]
    public async Task An_interactive_message_overtakes_bulk_that_is_queued()
    {
        await ConfigureAsync("carriers", "carrier-a", "tps", 20);
        await _gateway.FollowedAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => _gateway.PostAsync(("message", "bulk " + n))));

        Assert.Equal(200, (await _gateway.PostAsync(("message", "urgent"), ("priority", "INTERACTIVE"))).Status);

        await Eventually.TrueAsync(async () => (await _gateway.SubmitsAsync(_gateway.CarrierA, "urgent")).Length == 1, "it was sent");
        var sent = (await _gateway.SubmitsAsync(_gateway.CarrierA, "urgent"))[0].GetProperty("order").GetInt32();
        Assert.InRange(sent, 1, 199);
    }

    private async Task<string> AccountAsync() => JsonSerializer.Serialize(await _gateway.AdminAsync("accounts"));

    private async Task ConfigureAsync(string list, string name, string property, JsonNode value)
    {
        var document = await _gateway.HostAsync(0, "config", "export");
        await _gateway.ApplyAsync(SeedDocument.With(document[document.IndexOf('{', StringComparison.Ordinal)..], list, name, property, value));
    }

    private Task<JsonElement> BehaveAsync(Uri carrier, object behaviour) => _gateway.OrderAsync(carrier, "/behaviour", behaviour);
}
