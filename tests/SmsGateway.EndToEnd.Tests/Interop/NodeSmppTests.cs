using System.Text.Json;
using SmsGateway.EndToEnd.Tests.Topology;
using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Interop;

/// <summary>npm's smpp as a customer: tests/interop/customer.js.</summary>
[Collection(SharedTopology.Name)]
public sealed class NodeSmppTests(GatewayTopology gateway)
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

    private ProcessUnderTest Start(string systemId, string password, string mode)
    {
        var folder = Path.Combine(RepositoryPaths.Root, "tests", "interop");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "smpp")), "npm's smpp is not installed: tests/run.sh does it, or run `npm ci` in tests/interop.");
        return ProcessUnderTest.Start("node", [Path.Combine(folder, "customer.js"), gateway.Smpp, systemId, password, mode]);
    }

    private static async Task<JsonElement> ResultAsync(ProcessUnderTest customer)
    {
        var line = await customer.WaitForLineAsync("bind_status");
        var result = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.False(result.TryGetProperty("error", out var error), $"node-smpp: {error}");
        return result;
    }
}
