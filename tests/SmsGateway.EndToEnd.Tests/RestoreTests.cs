using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>
/// A real restore of the ledger to a point in time (pg_basebackup, WAL archive, recovery_target_time) at which messages waited that were emitted
/// afterwards: none of them is emitted again, whether an operator follows the runbook or nobody tells the node.
/// </summary>
public sealed partial class RestoreTests : IAsyncLifetime
{
    private const int Waiting = 40; // 20 s at 2 a second
    private readonly GatewayTopology _gateway = GatewayTopology.WithArchive();
    private readonly string[] _ids = [.. Enumerable.Range(0, Waiting).Select(_ => Guid.NewGuid().ToString("n"))];

    public enum Told
    {
        /// <summary>The node is stopped, and the command is run before it starts.</summary>
        ByTheRunbook,

        /// <summary>The node runs all the time, and nobody tells it.</summary>
        Running,

        /// <summary>The node was killed and is started afterwards, and nobody tells it.</summary>
        Restarted,
    }

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData(Told.ByTheRunbook)]
    [InlineData(Told.Running)]
    [InlineData(Told.Restarted)]
    public async Task What_the_carriers_saw_after_the_point_in_time_is_not_sent_again(Told told)
    {
        var node = _gateway.Nodes[0];
        var document = SeedDocument.With(await SlowAsync("carrier-a"), "carriers", "carrier-b", "tps", 2);
        await _gateway.ApplyAsync(document);
        await _gateway.Postgres.BackUpAsync();
        await Task.WhenAll(_ids.Select(async id => Assert.Equal(200, (await _gateway.PostAsync(("message_id", id), ("message", "once " + id))).Status)));
        await Eventually.TrueAsync(async () => await SeenAsync() >= 2, "the first are at their carriers", TimeSpan.FromSeconds(60));
        var point = DateTimeOffset.UtcNow;
        var before = await SeenAsync();
        Assert.InRange(before, 0, Waiting - 3);
        await Eventually.TrueAsync(async () => await SeenAsync() == Waiting, "all are at their carriers", TimeSpan.FromSeconds(120));

        if (told == Told.ByTheRunbook)
        {
            await node.TerminateAsync();
        }
        else if (told == Told.Restarted)
        {
            await _gateway.PostAsync(("message_id", "last of the old ledger")); // and a renewal or two
            await node.KillAsync();
        }

        await _gateway.Postgres.StopAsync();
        if (told == Told.Running)
        {
            await HealthAsync(node, "the lease is lost", told503: false); // on hold
        }

        await _gateway.Postgres.RestoreAsync(point);
        if (told == Told.ByTheRunbook)
        {
            Assert.Contains("in quarantine", await _gateway.HostAsync(0, "restore", "quarantine", "--since", point.ToString("O")), StringComparison.Ordinal);
        }

        if (told != Told.Running)
        {
            await _gateway.LaunchAsync(node);
        }

        await HealthAsync(node, "quarantine");
        if (told != Told.ByTheRunbook)
        {
            Assert.Contains("suspected", await _gateway.HostAsync(0, "restore", "status"), StringComparison.Ordinal);
            Assert.Contains("restore quarantine", await _gateway.HostAsync(2, "restore", "release"), StringComparison.Ordinal);
            await _gateway.HostAsync(0, "restore", "quarantine");
        }

        var status = await _gateway.HostAsync(0, "restore", "release");
        var (segments, attempts) = Counts(status);
        Assert.True(segments >= 1, status);
        await _gateway.AwaitReadyAsync();

        // Lanes are in order: had any of them been in one, it would be out before this.
        var after = Guid.NewGuid().ToString("n");
        Assert.Equal(200, (await _gateway.PostAsync(("message_id", after), ("message", "after " + after))).Status);
        await Eventually.TrueAsync(async () => await OnesAsync(after) == 1, "a new message is at its carrier", TimeSpan.FromSeconds(60));
        foreach (var id in _ids)
        {
            Assert.Equal(1, await OnesAsync(id));
        }

        var doubts = (await _gateway.AdminAsync("doubts?limit=1000")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(segments + attempts, doubts.Count);
        Assert.All(doubts, doubt => Assert.Equal(("restored", "restore@smsc1.test#0"), (doubt.GetProperty("cause").GetString(), doubt.GetProperty("bind").GetString())));

        // The operator has asked the carriers.
        using var order = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Admin, "/admin/v1/doubts/decide"))
        {
            Content = JsonContent.Create(new { decision = "sent", filter = new { limit = 1000 }, note = "the carriers have them" }),
        };
        order.Headers.Add("X-Api-Key", "local-admin-key");
        using var decided = await _gateway.Http.SendAsync(order);
        Assert.True(decided.IsSuccessStatusCode, await decided.Content.ReadAsStringAsync());
        Assert.Equal(0, (await _gateway.AdminAsync("doubts?limit=1000")).GetProperty("total").GetInt32());
    }

    [GeneratedRegex(@"put in doubt: (\d+) waiting segments, (\d+) open attempts")]
    private static partial Regex PutInDoubt();

    private static (int Segments, int Attempts) Counts(string status)
    {
        var match = PutInDoubt().Match(status);
        Assert.True(match.Success, status);
        return (int.Parse(match.Groups[1].Value, null), int.Parse(match.Groups[2].Value, null));
    }

    private async Task<string> SlowAsync(string carrier)
    {
        var output = await _gateway.HostAsync(0, "config", "export");
        return SeedDocument.With(output[output.IndexOf('{', StringComparison.Ordinal)..], "carriers", carrier, "tps", JsonValue.Create(2));
    }

    private async Task<int> OnesAsync(string id) =>
        (await _gateway.SubmitsAsync(_gateway.CarrierA, id)).Length + (await _gateway.SubmitsAsync(_gateway.CarrierB, id)).Length;

    private Task<int> SeenAsync() => OnesAsync("once ");

    private async Task HealthAsync(GatewayNode node, string lease, bool told503 = true)
    {
        var seen = "nothing";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        using var answer = await _gateway.Http.GetAsync(new Uri(node.Admin, "/health/ready"));
                        seen = await answer.Content.ReadAsStringAsync();
                        return (!told503 || (int)answer.StatusCode == 503) && JsonSerializer.Deserialize<JsonElement>(seen).GetProperty("lease").TryGetProperty("detail", out var detail)
                            && detail.GetString()!.Contains(lease, StringComparison.Ordinal);
                    }
                    catch (HttpRequestException)
                    {
                        Assert.False(node.Process.HasExited, node.Process.Output);
                        return false;
                    }
                },
                $"health says: {lease}",
                TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}; it says: {seen}\n{node.Process.Output}", error);
        }
    }
}
