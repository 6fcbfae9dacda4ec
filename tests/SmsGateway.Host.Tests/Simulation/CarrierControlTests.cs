using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class CarrierControlTests : IAsyncLifetime
{
    private readonly CarrierSimulator _carrier = new(new CarrierOptions { Name = "carrier-t", JournalCapacity = 3 });
    private readonly HttpClient _http = new();

    public async Task InitializeAsync()
    {
        await _carrier.StartAsync();
        _http.BaseAddress = _carrier.Control;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _carrier.DisposeAsync();
    }

    [Fact]
    public async Task A_partial_behaviour_changes_what_it_names_and_nothing_else()
    {
        JsonElement now = await PostAsync("/behaviour", """{"answerDelayMs":{"min":1,"max":2},"receipts":{"loseRatio":0.5}}""");
        Assert.Equal(0.5, now.GetProperty("receipts").GetProperty("loseRatio").GetDouble());
        Assert.Equal(100, now.GetProperty("receipts").GetProperty("delayMs").GetInt32());
        now = await PostAsync("/behaviour", """{"throttleStatus":"0x14"}""");
        Assert.Equal(0.5, now.GetProperty("receipts").GetProperty("loseRatio").GetDouble());
        Assert.Equal(2, now.GetProperty("answerDelayMs").GetProperty("max").GetInt32());
        Assert.Equal("0x14", now.GetProperty("throttleStatus").GetString());
    }

    [Theory]
    [InlineData("""{"loseAnswerRatio":2}""")]
    [InlineData("""{"noSuchThing":1}""")]
    [InlineData("""{"receipts":{"states":{"NONSENSE":1}}}""")]
    [InlineData("""{"answerDelayMs":{"min":5,"max":1}}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    public async Task A_wrong_behaviour_is_refused_and_changes_nothing(string body)
    {
        string before = await _http.GetStringAsync("/behaviour");
        HttpResponseMessage response = await _http.PostAsync("/behaviour", new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, await _http.GetStringAsync("/behaviour"));
    }

    [Fact]
    public async Task An_MO_is_answered_when_the_gateway_has_acknowledged_it()
    {
        await using var gateway = await TestCustomer.BoundAsync(_carrier.Smpp);
        JsonElement answer = await PostAsync("/mo", """{"source":"447700900001","destination":"12345","text":"YES [ok] €"}""");
        Assert.True(answer.GetProperty("acknowledged").GetBoolean());
        Assert.True(gateway.Delivered.TryDequeue(out DeliverSm? mo));
        Assert.Equal((byte)0, mo.DataCoding);
        Assert.Equal("YES \u001B<ok\u001B> \u001Be", System.Text.Encoding.Latin1.GetString(mo.ShortMessage.Span));
        gateway.AnswerWith = CommandStatus.ReceiverPermanentError;
        answer = await PostAsync("/mo", """{"source":"447700900001","destination":"12345","text":"日本"}""");
        Assert.False(answer.GetProperty("acknowledged").GetBoolean());
        Assert.Equal("0x65", answer.GetProperty("status").GetString());
        Assert.True(gateway.Delivered.TryDequeue(out mo));
        Assert.Equal((byte)8, mo.DataCoding);
    }

    [Fact]
    public async Task An_MO_until_acknowledged_goes_out_again_over_the_next_bind()
    {
        Task<JsonElement> posting = PostAsync("/mo", """{"source":"447700900001","destination":"12345","text":"again","untilAcknowledged":true}""");
        await using (var first = await TestCustomer.ConnectAsync(_carrier.Smpp))
        {
            // Before the bind: the MO goes out with it.
            first.AnswerWith = null;
            await first.BindAsync(BindType.Transceiver, "smsgw", "smsgw");
            await first.ReceivedAsync(1);
        }

        await using var second = await TestCustomer.BoundAsync(_carrier.Smpp);
        JsonElement answer = await posting;
        Assert.True(answer.GetProperty("acknowledged").GetBoolean());
        Assert.Equal(2, answer.GetProperty("offers").GetInt32());
    }

    [Fact]
    public async Task An_MO_without_a_bind_is_a_conflict()
    {
        HttpResponseMessage response = await _http.PostAsync("/mo", new StringContent("""{"source":"1","destination":"2","hex":"41"}"""));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task The_journal_is_listed_filtered_exported_bounded_and_reset()
    {
        await using var gateway = await TestCustomer.BoundAsync(_carrier.Smpp);
        for (int i = 1; i <= 5; i++)
            await gateway.SubmitAsync($"text {i}", destination: $"44770090000{i}");
        JsonElement list = await GetAsync("/submits?limit=1&offset=1");
        Assert.Equal(5, list.GetProperty("total").GetInt32());
        Assert.Equal(2, list.GetProperty("overflow").GetInt32());
        JsonElement second = Assert.Single(list.GetProperty("submits").EnumerateArray());
        Assert.Equal("text 2", second.GetProperty("text").GetString());
        Assert.Equal("2", second.GetProperty("id").GetString());
        Assert.Equal("carrier-t#1", second.GetProperty("bind").GetString());
        Assert.Equal(1, (await GetAsync("/submits?destination=447700900003")).GetProperty("matched").GetInt32());
        Assert.Equal(1, (await GetAsync("/submits?contains=text%201")).GetProperty("matched").GetInt32());
        string[] lines = (await _http.GetStringAsync("/submits/export?after=1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        string[] fields = lines[0].Split('\t');
        Assert.Equal(["2", "carrier-t#1", "12345", "447700900002", "2", "0", "text 2"], [fields[0], fields[2], fields[3], fields[4], fields[5], fields[6], fields[12]]);
        await PostAsync("/reset", "");
        Assert.Equal(0, (await GetAsync("/submits/summary")).GetProperty("submits").GetInt32());
    }

    [Fact]
    public async Task A_bind_can_be_unbound_and_all_can_be_cut()
    {
        await using var one = await TestCustomer.BoundAsync(_carrier.Smpp);
        await using var two = await TestCustomer.BoundAsync(_carrier.Smpp);
        Assert.Equal(2, (await GetAsync("/binds")).GetArrayLength());
        await PostAsync("/disconnect", """{"bind":"carrier-t#1","how":"unbind"}""");
        Assert.Equal(SmsGateway.Smpp.Sessions.SessionEndReason.PeerUnbound, (await one.Ended).Reason);
        await PostAsync("/disconnect", "");
        await two.Ended;
    }

    private async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        HttpResponseMessage response = await _http.PostAsync(path, new StringContent(body));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
