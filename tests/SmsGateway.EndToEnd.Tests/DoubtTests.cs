using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>A node that dies by kill -9 with full windows, at a carrier whose policy sends one priority again and holds the other.</summary>
public sealed class DoubtTests : IAsyncLifetime
{
    private const int Messages = 600;
    private readonly GatewayTopology _gateway = new();

    public Task InitializeAsync()
    {
        _gateway.Options["Carriers__TcpUserTimeout"] = "00:00:02";
        return _gateway.InitializeAsync();
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task What_a_policy_sends_again_is_all_emitted_and_marked_and_what_is_held_is_resolved_by_its_receipt()
    {
        var policy = JsonNode.Parse("""{ "INTERACTIVE": "resend" }""");
        await _gateway.ApplyAsync(SeedDocument.With(_gateway.Seed, "carriers", "carrier-a", "doubt", policy));
        await _gateway.OrderAsync(_gateway.CarrierA, "/behaviour", new { answerDelayMs = 1_500 });

        // Half of each class; full windows of unanswered submits when the node dies.
        var accepted = new ConcurrentDictionary<string, string>();
        var sending = Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 32 }, (i, _) => PostAsync(i, accepted));
        await Eventually.TrueAsync(async () => await SubmittedAsync() >= 150, "the windows are full");
        _gateway.Node.Kill();
        await _gateway.Node.WaitForExitAsync();
        await sending;
        await _gateway.OrderAsync(_gateway.CarrierA, "/behaviour", new { answerDelayMs = 0 });
        await _gateway.StartNodeAsync();

        // What was sent again went out once more; what is held and reached the carrier got its receipt. The rest of both: nowhere but the list of doubts.
        await Eventually.TrueAsync(
            async () => (await _gateway.AdminAsync("messages?possible_duplicate=true")).GetProperty("total").GetInt32() > 0, "something was sent again", TimeSpan.FromSeconds(60));
        var marked = new HashSet<string>();
        var seen = new Dictionary<string, int>();
        var doubts = new HashSet<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                marked = await IdsAsync("messages?possible_duplicate=true&limit=1000");
                doubts = await IdsAsync("doubts?limit=1000");
                seen = await SeenAsync();
                return accepted.All(message => doubts.Contains(message.Value)
                    ? message.Key.StartsWith("bulk", StringComparison.Ordinal) && seen.GetValueOrDefault(message.Key) == 0
                    : seen.GetValueOrDefault(message.Key) > 0);
            },
            "all are emitted, and what is in doubt is held and was seen by no carrier",
            TimeSpan.FromSeconds(90));

        var twice = accepted.Where(message => seen.GetValueOrDefault(message.Key) > 1).ToList();
        Assert.NotEmpty(twice);
        Assert.All(twice, message => Assert.Contains(message.Value, marked));
        Assert.All(accepted.Where(message => marked.Contains(message.Value)), message => Assert.StartsWith("urgent", message.Key, StringComparison.Ordinal));
        Assert.All(accepted.Where(message => message.Key.StartsWith("bulk", StringComparison.Ordinal)), message => Assert.InRange(seen.GetValueOrDefault(message.Key), 0, 1));
        await CountedAsync("resend");
        await CountedAsync("receipt");
    }

    private async ValueTask PostAsync(int i, ConcurrentDictionary<string, string> accepted)
    {
        var isUrgent = i % 2 == 0;
        var name = $"{(isUrgent ? "urgent" : "bulk")}-{i}-{Guid.NewGuid():n}";
        try
        {
            var (status, body, _) = await _gateway.PostAsync(
                ("message_id", name), ("message", name), ("phone_number", $"4477010{i:00000}"), ("receipt", "TRUE"), ("priority", isUrgent ? "INTERACTIVE" : "BULK"));
            if (status == 200)
            {
                accepted[name] = body.GetProperty("id").GetString()!;
            }
        }
        catch (HttpRequestException)
        {
            // The node is dead: nothing was acknowledged.
        }
    }

    private async Task<int> SubmittedAsync() => (await _gateway.GetAsync(_gateway.CarrierA, "/submits/summary")).GetProperty("submits").GetInt32();

    // By our text, which stands in the payload.
    private async Task<Dictionary<string, int>> SeenAsync()
    {
        var seen = new Dictionary<string, int>();
        foreach (var carrier in new[] { _gateway.CarrierA, _gateway.CarrierB })
        {
            foreach (var line in (await _gateway.Http.GetStringAsync(new Uri(carrier, "/submits/export"))).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var payload = line[(line.LastIndexOf('\t') + 1)..].Trim();
                seen[payload] = seen.GetValueOrDefault(payload) + 1;
            }
        }

        return seen;
    }

    private async Task<HashSet<string>> IdsAsync(string path) =>
        [.. (await _gateway.AdminAsync(path)).GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];

    // It is counted after it is committed.
    private Task CountedAsync(string how) => Eventually.TrueAsync(
        async () => (await _gateway.Http.GetStringAsync(new Uri(_gateway.Admin, "/metrics"))).Contains($"smsgateway_doubts_ended_total{{connector=\"carrier-a\",how=\"{how}\"", StringComparison.Ordinal),
        $"what ended by {how} is counted");
}
