using System.Text.Json;
using SmsGateway.EndToEnd.Tests.Topology;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

[Collection(SharedTopology.Name)]
public sealed class HttpJourneyTests(SharedGateway gateway)
{
    [Fact]
    public async Task An_MT_by_HTTP_reaches_the_carrier_once_and_its_receipt_reaches_the_callback_with_exactly_the_fields_of_the_specification()
    {
        var id = Guid.NewGuid().ToString("n");
        var (status, body, _) = await gateway.PostAsync(
            ("message_id", id), ("message", "journey " + id), ("receipt", "TRUE"), ("app_id", "app 1"), ("conversation_id", "talk&1"));

        Assert.Equal(200, status);
        Assert.Equal(0, body.GetProperty("result_code").GetInt32());
        Assert.Equal(id, body.GetProperty("message_id").GetString());
        var receipt = await ReceiptAsync(id);
        var fields = receipt.GetProperty("fields").EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetString());
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["type"] = "receipt",
                ["message_id"] = id,
                ["message_state"] = "2",
                ["result_code"] = "0",
                ["app_id"] = "app 1",
                ["conversation_id"] = "talk&1",
            },
            fields);
        Assert.Single(await gateway.SubmitsAsync(gateway.CarrierA, id));
        Assert.Empty(await gateway.SubmitsAsync(gateway.CarrierB, id));
    }

    [Fact]
    public async Task Fields_that_were_not_given_are_absent_from_the_receipt()
    {
        var id = Guid.NewGuid().ToString("n");
        await gateway.PostAsync(("message_id", id), ("receipt", "true"));

        var names = (await ReceiptAsync(id)).GetProperty("fields").EnumerateObject().Select(f => f.Name).Order();

        Assert.Equal(["message_id", "message_state", "result_code", "type"], names);
    }

    [Fact]
    public async Task Without_receipt_TRUE_no_receipt_is_pushed()
    {
        var silent = Guid.NewGuid().ToString("n");
        var loud = Guid.NewGuid().ToString("n");
        await gateway.PostAsync(("message_id", silent), ("message", "silent " + silent));
        await Eventually.TrueAsync(
            async () => (await gateway.SubmitsAsync(gateway.CarrierA, silent)).Length == 1, "the silent one reached its carrier");
        await gateway.PostAsync(("message_id", loud), ("receipt", "TRUE"));
        await ReceiptAsync(loud);

        Assert.Empty(await gateway.ReceivedAsync("message_id=" + silent));
    }

    [Fact]
    public async Task The_same_message_id_posted_four_times_at_once_is_one_message_and_three_answers_marked_duplicate()
    {
        var ids = Enumerable.Range(0, 250).Select(_ => Guid.NewGuid().ToString("n")).ToArray();

        var answers = await Task.WhenAll(ids.SelectMany(id => Enumerable.Repeat(id, 4)).Select(async id =>
        {
            var (status, body, response) = await gateway.PostAsync(("message_id", id), ("message", "four " + id));
            using (response)
            {
                return (Id: id, Status: status, Ours: body.GetProperty("id").GetString(), Duplicate: response.Headers.Contains("X-Duplicate"));
            }
        }));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.All(answers.GroupBy(a => a.Id), group =>
        {
            Assert.Single(group.Select(a => a.Ours).Distinct());
            Assert.Equal(3, group.Count(a => a.Duplicate));
        });
        await Eventually.TrueAsync(
            async () => (await gateway.SubmitsAsync(gateway.CarrierA, "four ")).Length >= ids.Length, "every message reached its carrier");
        var emitted = (await gateway.SubmitsAsync(gateway.CarrierA, "four ")).Select(s => s.GetProperty("text").GetString()).ToList();
        Assert.Equal(ids.Length, emitted.Distinct().Count());
        Assert.Equal(ids.Length, emitted.Count);
    }

    [Fact]
    public async Task The_same_message_id_with_four_contents_at_once_gives_one_200_and_three_409()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid().ToString("n")).ToArray();

        var statuses = await Task.WhenAll(ids.SelectMany(id => Enumerable.Range(0, 4).Select(n => (Id: id, N: n))).Select(async post =>
            (post.Id, (await gateway.PostAsync(("message_id", post.Id), ("message", $"other {post.N} {post.Id}"))).Status)));

        Assert.All(statuses.GroupBy(s => s.Id), group => Assert.Equal([200, 409, 409, 409], group.Select(s => s.Status).Order()));
        await Eventually.TrueAsync(
            async () => (await gateway.SubmitsAsync(gateway.CarrierA, "other ")).Length >= ids.Length, "the first of each reached its carrier");
        Assert.Equal(ids.Length, (await gateway.SubmitsAsync(gateway.CarrierA, "other ")).Length);
    }

    [Fact]
    public async Task A_long_message_goes_out_in_parts_of_one_carrier_and_comes_back_as_one_receipt()
    {
        var id = Guid.NewGuid().ToString("n");
        var text = string.Concat(Enumerable.Repeat(id + " ", 12));

        var (_, body, _) = await gateway.PostAsync(("message_id", id), ("message", text), ("receipt", "TRUE"));

        Assert.Equal(3, body.GetProperty("parts").GetInt32());
        var receipt = await ReceiptAsync(id);
        Assert.Equal("2", receipt.GetProperty("fields").GetProperty("message_state").GetString());
        var parts = await gateway.SubmitsAsync(gateway.CarrierA, id[..8]);
        Assert.Equal(3, parts.Length);
        Assert.Equal(text, string.Concat(parts.OrderBy(p => p.GetProperty("hex").GetString()![10..12], StringComparer.Ordinal).Select(p => p.GetProperty("text").GetString())));
        Assert.Single(await gateway.ReceivedAsync("message_id=" + id));
    }

    [Fact]
    public async Task An_MO_reaches_the_account_of_its_number_once()
    {
        var text = "mo " + Guid.NewGuid().ToString("n");

        await gateway.OrderAsync(gateway.CarrierB, "/mo", new { source = "447700900555", destination = "12345", text });

        await Eventually.TrueAsync(async () => (await MosAsync(text)).Length > 0, "the MO is at the sink");
        var mo = Assert.Single(await MosAsync(text));
        Assert.Equal("447700900555", mo.GetProperty("phone_number").GetString());
        Assert.Equal("12345", mo.GetProperty("shortcode").GetString());
        Assert.Equal("carrier-b", mo.GetProperty("carrier").GetString());
        Assert.False(string.IsNullOrEmpty(mo.GetProperty("message_id").GetString()));
    }

    [Fact]
    public async Task The_admin_trace_explains_a_message_from_claim_to_acknowledged_receipt()
    {
        var id = Guid.NewGuid().ToString("n");
        var (_, body, _) = await gateway.PostAsync(("message_id", id), ("receipt", "TRUE"));
        await ReceiptAsync(id);

        var trace = await Eventually.ValueAsync(
            async () => (await gateway.AdminAsync("messages/" + body.GetProperty("id").GetString())).ToString(),
            text => text.Contains("acknowledged", StringComparison.OrdinalIgnoreCase),
            "the trace shows the acknowledged delivery");

        Assert.Contains("delivered", trace, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("carrier-a@", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", trace, StringComparison.Ordinal);
    }

    private async Task<JsonElement> ReceiptAsync(string id)
    {
        JsonElement[] found = [];
        await Eventually.TrueAsync(
            async () => (found = await gateway.ReceivedAsync("type=receipt&message_id=" + id)).Length > 0, $"the receipt of {id} is at the sink");
        return found[0];
    }

    private async Task<JsonElement[]> MosAsync(string text) =>
        [.. (await gateway.ReceivedAsync("type=MO")).Select(r => r.GetProperty("fields")).Where(f => f.GetProperty("message").GetString() == text)];
}
