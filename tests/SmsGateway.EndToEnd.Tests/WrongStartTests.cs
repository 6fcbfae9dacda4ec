using System.Text.Json.Nodes;
using SmsGateway.EndToEnd.Tests.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>What the program says when something is wrong before it starts.</summary>
[Collection(SharedTopology.Name)]
public sealed class WrongStartTests(SharedGateway gateway)
{
    [Fact]
    public async Task Five_mistakes_in_a_configuration_are_five_errors_and_nothing_is_applied()
    {
        var before = await gateway.HostAsync(0, "config", "export");
        var document = JsonNode.Parse(before[before.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        document["routes"]![0]!["carriers"]!.AsArray().Add("nowhere");
        document["routes"]!.AsArray().Add(new JsonObject { ["prefix"] = "4x", ["carriers"] = new JsonArray("carrier-a") });
        var accounts = document["accounts"]!.AsArray();
        accounts.Add(accounts[0]!.DeepClone());
        accounts[1]!["credentials"] = new JsonArray(new JsonObject { ["name"] = "main", ["password"] = "far too long" });
        accounts[0]!["callbackUrl"] = "sink.example/callback";

        var output = await gateway.ApplyAsync(document.ToJsonString(), exitCode: 2);

        foreach (var part in new[] { "nowhere", "4x", "accounts[2]", "accounts[1]", "callbackUrl" })
        {
            Assert.Contains(part, output, StringComparison.Ordinal);
        }

        Assert.Contains("nothing applied", output, StringComparison.Ordinal);
        Assert.Equal(before, await gateway.HostAsync(0, "config", "export"));
    }

    [Fact]
    public async Task Every_wrong_option_is_named_and_the_process_ends()
    {
        await using var process = gateway.StartHost([], new Dictionary<string, string?>
        {
            ["Node__Name"] = "not a name",
            ["Smpp__Address"] = "nowhere",
            ["Flow__LaneCapacity"] = "-1",
        });

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Contains("Node:Name", process.Output, StringComparison.Ordinal);
        Assert.Contains("Smpp:Address", process.Output, StringComparison.Ordinal);
        Assert.Contains("Flow:LaneCapacity", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_the_process_says_so_and_what_to_do()
    {
        await using var process = gateway.StartHost([], new Dictionary<string, string?>
        {
            ["Node__Name"] = "other.test",
            ["Ledger__ConnectionString"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing",
        });

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Contains("Ledger__ConnectionString", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_schema_that_does_not_suit_the_process_names_the_command_that_mends_it()
    {
        await using var process = gateway.StartHost([], new Dictionary<string, string?>
        {
            ["Node__Name"] = "other.test",
            ["Ledger__ConnectionString"] = await gateway.Postgres.CreateDatabaseAsync(),
        });

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Contains("migrate", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var process = gateway.StartHost([], new Dictionary<string, string?>
        {
            ["Node__Name"] = "other.test",
            ["Admin__Address"] = "127.0.0.1:0",
            ["Receiver__Address"] = "127.0.0.1:0",
        });

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Contains(gateway.Smpp, process.Output, StringComparison.Ordinal);
        Assert.Contains("Smpp__Address", process.Output, StringComparison.Ordinal);
    }
}
