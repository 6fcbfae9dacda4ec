using System.Text.Json;
using System.Text.Json.Nodes;
using SmsGateway.EndToEnd.Tests.Topology;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests.Interop;

/// <summary>npm's smpp as a customer and as a carrier: tests/interop.</summary>
[Collection(SharedTopology.Name)]
public sealed class NodeSmppTests(SharedGateway gateway)
{
    [Fact]
    public async Task Its_receipt_names_our_id_the_state_and_the_delivery_and_carries_the_carriers_text_octet_for_octet()
    {
        await using var customer = Start("acme", "acme1234", "receipt");
        var result = await ResultAsync(customer);

        Assert.Equal(0, result.GetProperty("bind_status").GetInt32());
        Assert.Equal(0x34, result.GetProperty("sc_interface_version").GetInt32());
        var receipt = result.GetProperty("deliver");
        Assert.Equal(result.GetProperty("message_id").GetString(), receipt.GetProperty("receipted_message_id").GetString());
        Assert.Equal(2, receipt.GetProperty("message_state").GetInt32());
        Assert.Equal(4, receipt.GetProperty("esm_class").GetInt32());
        Assert.Equal("447700900123", receipt.GetProperty("source_addr").GetString());
        Assert.Equal("67890", receipt.GetProperty("destination_addr").GetString());
        Assert.StartsWith("node-", receipt.GetProperty("client_message_id").GetString(), StringComparison.Ordinal);
        Assert.Equal("talk-7", receipt.GetProperty("conversation_id").GetString());
        Assert.Equal(JsonValueKind.Null, receipt.GetProperty("app_id").ValueKind);
        Assert.False(string.IsNullOrEmpty(receipt.GetProperty("delivery_id").GetString()));

        // The text speaks of the carrier's id, not ours.
        var submit = Assert.Single(await gateway.SubmitsAsync(gateway.CarrierA, "from node-smpp"));
        Assert.StartsWith($"id:{submit.GetProperty("id").GetString()} sub:001 dlvrd:001 submit date:", receipt.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("stat:DELIVRD err:000 text:from node-smpp", receipt.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_MO_to_its_number_comes_over_the_bind()
    {
        await using var customer = Start("acme", "acme1234", "mo");
        await customer.WaitForLineAsync("\"ready\":true");

        await gateway.OrderAsync(gateway.CarrierA, "/mo", new { source = "447700900777", destination = "67890", text = "hello acme" });

        var deliver = (await ResultAsync(customer)).GetProperty("deliver");
        Assert.Equal("hello acme", deliver.GetProperty("text").GetString());
        Assert.Equal("447700900777", deliver.GetProperty("source_addr").GetString());
        Assert.Equal("67890", deliver.GetProperty("destination_addr").GetString());
        Assert.False(string.IsNullOrEmpty(deliver.GetProperty("delivery_id").GetString()));
    }

    [Theory]
    [InlineData("acme", "wrong")]
    [InlineData("nobody", "acme1234")]
    public async Task A_wrong_password_and_an_unknown_account_are_refused_alike(string systemId, string password)
    {
        await using var customer = Start(systemId, password, "refuse");

        Assert.Equal(0x0D, (await ResultAsync(customer)).GetProperty("bind_status").GetInt32());
    }

    [Fact]
    public async Task As_a_carrier_it_gets_the_MT_and_its_receipt_by_text_alone_comes_back()
    {
        var address = $"{LoopbackAddress.Next(2775)}";
        await using var carrier = Script("carrier.js", $"{address}:2775");
        await carrier.WaitForLineAsync("listening");
        var before = await gateway.HostAsync(0, "config", "export");
        var document = JsonNode.Parse(before[before.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        var added = document["carriers"]![0]!.DeepClone();
        added["name"] = "node-carrier";
        added["host"] = address;
        document["carriers"]!.AsArray().Add(added);
        await gateway.ApplyAsync(document.ToJsonString());
        await Eventually.TrueAsync(
            async () => (await gateway.AdminAsync("binds")).EnumerateArray().Any(b => b.GetProperty("party").GetString() == "node-carrier"), "we are bound to it");

        var id = Guid.NewGuid().ToString("n");
        var (status, _, _) = await gateway.PostAsync(("message_id", id), ("message", "to node"), ("carrier", "node-carrier"), ("receipt", "TRUE"));

        Assert.Equal(200, status);
        Assert.Contains("\"to\":\"447700900001\"", await carrier.WaitForLineAsync("\"submit\":\"to node\""), StringComparison.Ordinal);
        await carrier.WaitForLineAsync("\"receiptAnswer\":0");
        await Eventually.TrueAsync(async () => (await gateway.ReceivedAsync("message_id=" + id)).Length == 1, "its receipt is at the sink");
        Assert.Equal("2", (await gateway.ReceivedAsync("message_id=" + id))[0].GetProperty("fields").GetProperty("message_state").GetString());
    }

    private ProcessUnderTest Start(string systemId, string password, string mode) => Script("customer.js", gateway.Smpp, systemId, password, mode);

    private static ProcessUnderTest Script(string name, params string[] arguments)
    {
        var folder = Path.Combine(RepositoryPaths.Root, "tests", "interop");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "smpp")), "npm's smpp is not installed: tests/run.sh does it, or run `npm ci` in tests/interop.");
        return ProcessUnderTest.Start("node", [Path.Combine(folder, name), .. arguments]);
    }

    private static async Task<JsonElement> ResultAsync(ProcessUnderTest customer)
    {
        var line = await customer.WaitForLineAsync("bind_status");
        var result = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.False(result.TryGetProperty("error", out var error), $"node-smpp: {error}");
        return result;
    }
}
