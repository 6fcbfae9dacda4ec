using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmsGateway.Simulator.Sink;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class CallbackSinkTests : IAsyncLifetime
{
    private readonly CallbackSink _sink = new(new SinkOptions { Capacity = 3 });
    private readonly HttpClient _http = new();

    public async Task InitializeAsync()
    {
        await _sink.StartAsync();
        _http.BaseAddress = _sink.Address;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task A_callback_is_kept_with_its_fields_body_and_headers()
    {
        await CallAsync("type=MO&message_id=a%20b&message=%E2%82%AC+1&empty=");
        JsonElement callback = Assert.Single((await _http.GetFromJsonAsync<JsonElement>("/received?type=MO&message_id=a%20b")).EnumerateArray());
        JsonElement fields = callback.GetProperty("fields");
        Assert.Equal("€ 1", fields.GetProperty("message").GetString());
        Assert.Equal("", fields.GetProperty("empty").GetString());
        Assert.False(fields.TryGetProperty("app_id", out _));
        Assert.Equal("type=MO&message_id=a%20b&message=%E2%82%AC+1&empty=", callback.GetProperty("body").GetString());
        Assert.Contains("Content-Type: application/x-www-form-urlencoded", callback.GetProperty("headers").EnumerateArray().Select(h => h.GetString()));
        Assert.Equal(200, callback.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task The_same_receipt_twice_is_counted_as_a_duplicate_and_another_state_is_not()
    {
        await CallAsync("type=receipt&message_id=m&message_state=1&result_code=0");
        await CallAsync("type=receipt&message_id=m&message_state=2&result_code=0");
        await CallAsync("type=receipt&message_id=m&message_state=2&result_code=0");
        JsonElement summary = await _http.GetFromJsonAsync<JsonElement>("/received/summary");
        Assert.Equal(3, summary.GetProperty("receipts").GetInt32());
        Assert.Equal(1, summary.GetProperty("duplicates").GetInt32());
        string[] lines = (await _http.GetStringAsync("/received/export?after=2")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("\treceipt\tm\t2\t0\t2", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_as_told_and_forgets_beyond_its_capacity()
    {
        await _http.PostAsync("/behaviour", new StringContent("""{"status":302}"""));
        Assert.Equal(HttpStatusCode.Redirect, (await CallAsync("type=MO&message_id=1")).StatusCode);
        await _http.PostAsync("/behaviour", new StringContent("""{"failRatio":1,"failStatus":500}"""));
        Assert.Equal(HttpStatusCode.InternalServerError, (await CallAsync("type=MO&message_id=2")).StatusCode);
        await _http.PostAsync("/behaviour", new StringContent("""{"down":true}"""));
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("type=MO&message_id=never"));
        await _http.PostAsync("/behaviour", new StringContent("""{"down":false,"failRatio":0,"status":200}"""));
        for (int i = 3; i <= 5; i++)
            await CallAsync($"type=MO&message_id={i}");
        JsonElement summary = await _http.GetFromJsonAsync<JsonElement>("/received/summary");
        Assert.Equal(5, summary.GetProperty("received").GetInt32());
        Assert.Equal(3, summary.GetProperty("kept").GetInt32());
        Assert.Equal(2, summary.GetProperty("overflow").GetInt32());
    }

    private Task<HttpResponseMessage> CallAsync(string form)
    {
        var content = new StringContent(form);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        return _http.PostAsync("/callback", content);
    }
}
