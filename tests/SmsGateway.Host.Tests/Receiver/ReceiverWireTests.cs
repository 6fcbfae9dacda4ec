using System.Net;
using System.Text.Json;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Receiver;

namespace SmsGateway.Host.Tests.Receiver;

/// <summary>Each row of docs/http-api.md on the wire.</summary>
public sealed class ReceiverWireTests : IAsyncLifetime
{
    private ReceiverUnderTest _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ReceiverUnderTest.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    [Trait("row", "accepted")]
    public async Task An_accepted_message_is_answered_with_both_ids_and_its_parts()
    {
        _receiver.Script = _ => new AcceptanceResult(AcceptanceKind.Accepted, ReceiverUnderTest.Id, 3);

        var post = await _receiver.PostAsync();
        var json = await ReceiverTable.AssertIsAsync("accepted", post);
        await ReceiverTable.AssertIsAsync("accepted", await _receiver.GetAsync());

        Assert.Equal("id-1", json.GetProperty("message_id").GetString());
        Assert.Equal(ReceiverUnderTest.Id.ToString(), json.GetProperty("id").GetString());
        Assert.Equal(3, json.GetProperty("parts").GetInt32());
        Assert.Equal("application/json", post.Content.Headers.ContentType!.MediaType);
        Assert.True(post.Headers.CacheControl!.NoStore);
        Assert.False(post.Headers.Contains("X-Duplicate"));
        Assert.Equal(2, _receiver.Submissions.Count);
    }

    [Fact]
    [Trait("row", "duplicate")]
    public async Task The_same_again_is_answered_as_the_first_time_and_marked()
    {
        _receiver.Script = _ => new AcceptanceResult(AcceptanceKind.Duplicate, ReceiverUnderTest.Id, 2);

        var json = await ReceiverTable.AssertIsAsync("duplicate", await _receiver.PostAsync());

        Assert.Equal(ReceiverUnderTest.Id.ToString(), json.GetProperty("id").GetString());
        Assert.Equal(2, json.GetProperty("parts").GetInt32());
    }

    [Theory]
    [Trait("row", "missing")]
    [InlineData("login")]
    [InlineData("password")]
    [InlineData("phone_number")]
    [InlineData("sender")]
    [InlineData("message")]
    [InlineData("message_id")]
    public async Task A_mandatory_parameter_that_is_missing_or_empty_is_named(string name)
    {
        await RefusedAsync("missing", name, await _receiver.PostAsync((name, null)));
        await RefusedAsync("missing", name, await _receiver.PostAsync((name, "")));
        await RefusedAsync("missing", name, await _receiver.GetAsync((name, null)));
    }

    [Theory]
    [Trait("row", "malformed")]
    [InlineData("phone_number", "0447700900123")]
    [InlineData("phone_number", "++447700900123")]
    [InlineData("phone_number", "44 7700 900123")]
    [InlineData("phone_number", "123456")]
    [InlineData("phone_number", "1234567890123456")]
    [InlineData("phone_number", "４４７７００９００１２３")]
    [InlineData("sender", "abcdefghijkl")]
    [InlineData("sender", "1234567890123456")]
    [InlineData("sender", "A!B")]
    [InlineData("receipt", "YES")]
    [InlineData("receipt", "")]
    [InlineData("message_id", "12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("message_id", "a\0b")]
    [InlineData("app_id", "a\nb")]
    [InlineData("conversation_id", "a\u007fb")]
    [InlineData("carrier", "a\tb")]
    public async Task A_malformed_parameter_is_named(string name, string value) =>
        await RefusedAsync("malformed", name, await _receiver.PostAsync((name, value)));

    [Theory]
    [Trait("row", "malformed")]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%C0%80")]
    [InlineData("%ED%A0%80")]
    [InlineData("\xE4")]
    public async Task A_value_that_is_not_URL_encoded_UTF_8_is_named(string value)
    {
        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good(("message", null)));
        await RefusedAsync("malformed", "message", await _receiver.PostRawAsync($"{good}&message={value}"));
    }

    [Fact]
    [Trait("row", "malformed")]
    public async Task A_cut_escape_in_the_query_string_is_named()
    {
        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good(("message", null)));

        var answer = await _receiver.TalkAsync($"GET {ReceiverEndpoint.Path}?{good}&message=%4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"message: not URL-encoded UTF-8\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "twice")]
    public async Task A_parameter_given_twice_in_one_place_is_named()
    {
        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good());

        await RefusedAsync("twice", "sender", await _receiver.PostRawAsync(good + "&sender=12345"));
        await RefusedAsync("twice", "sender", await _receiver.Client.GetAsync($"{ReceiverEndpoint.Path}?{good}&sender=12345"));
    }

    [Theory]
    [Trait("row", "bad-priority")]
    [InlineData("HIGH")]
    [InlineData("bulk")]
    [InlineData("BULK ")]
    [InlineData("")]
    public async Task A_priority_not_spelt_as_printed_is_an_error(string priority) =>
        await RefusedAsync("bad-priority", "priority", await _receiver.PostAsync(("priority", priority)));

    [Theory]
    [Trait("row", "mms")]
    [InlineData("mms_attachment[0].content_type", "mms_attachment[0].content")]
    [InlineData("mms_attachment[0].content_type", "mms_attachment[2].content_type")]
    [InlineData("mms_attachment[1].content", "mms_attachment[1].content_type")]
    public async Task An_attachment_with_or_without_a_gap_is_refused_as_MMS(string first, string second)
    {
        var json = await RefusedAsync("mms", "mms_attachment", await _receiver.PostAsync((first, "image/png"), (second, "AAAA")));
        Assert.Contains("MMS is not supported yet", json.GetProperty("error").GetString(), StringComparison.Ordinal);

        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good());
        await RefusedAsync("mms", "mms_attachment", await _receiver.PostRawAsync($"{good}&{first}=x"));
    }

    [Theory]
    [Trait("row", "not-a-form")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded; charset=iso-8859-1")]
    public async Task A_body_that_is_no_UTF_8_form_is_refused(string type) =>
        await RefusedAsync("not-a-form", "body", await _receiver.PostRawAsync("""{"login":"demo"}""", type: type));

    [Fact]
    [Trait("row", "unencodable")]
    public Task Text_that_cannot_be_encoded_is_refused() => AnsweredAsync("unencodable", AcceptanceKind.Unencodable);

    [Theory]
    [Trait("row", "login")]
    [InlineData("demo", "demo1235")]
    [InlineData("nobody", "demo1234")]
    [InlineData("closed", "demo1234")]
    [InlineData("DEMO", "demo1234")]
    public async Task A_wrong_login_is_one_answer_whatever_is_wrong_and_before_the_other_parameters_are_looked_at(string login, string password)
    {
        var first = await ReceiverTable.AssertIsAsync("login", await _receiver.PostAsync(("login", login), ("password", password)));
        var again = await ReceiverTable.AssertIsAsync("login", await _receiver.PostAsync(("login", login), ("password", password), ("sender", null)));

        Assert.Equal(first.ToString(), again.ToString());
        Assert.Empty(_receiver.Submissions);
    }

    [Fact]
    [Trait("row", "carrier")]
    public async Task A_carrier_that_is_unknown_is_refused()
    {
        await AnsweredAsync("carrier", AcceptanceKind.UnknownCarrier, ("carrier", "x"));
        Assert.Equal("x", _receiver.Single.CarrierAsked);
    }

    [Fact]
    [Trait("row", "no-route")]
    public Task A_number_without_a_route_is_refused() => AnsweredAsync("no-route", AcceptanceKind.NoRoute);

    [Fact]
    [Trait("row", "sender")]
    public async Task A_number_that_is_not_enabled_is_refused() =>
        await RefusedAsync("sender", "sender", await _receiver.PostAsync(("sender", "67890")));

    [Fact]
    [Trait("row", "sender-alphanumeric")]
    public async Task An_alphanumeric_sender_that_is_not_enabled_is_refused() =>
        await RefusedAsync("sender-alphanumeric", "sender", await _receiver.PostAsync(("sender", "acme")));

    [Fact]
    [Trait("row", "rate")]
    public async Task Over_the_rate_the_answer_says_when_to_come_back()
    {
        _receiver.Script = _ => new AcceptanceResult(AcceptanceKind.RateLimited, RetryAfter: TimeSpan.FromMilliseconds(1200));

        var response = await _receiver.PostAsync();

        await ReceiverTable.AssertIsAsync("rate", response);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    [Trait("row", "queue")]
    public Task A_full_queue_is_refused() => AnsweredAsync("queue", AcceptanceKind.QueueFull);

    [Fact]
    [Trait("row", "conflict")]
    public Task The_same_message_id_with_other_content_is_refused() => AnsweredAsync("conflict", AcceptanceKind.Conflict);

    [Fact]
    [Trait("row", "too-long")]
    public Task A_text_of_too_many_parts_is_refused() => AnsweredAsync("too-long", AcceptanceKind.TooLong);

    [Theory]
    [Trait("row", "body-too-long")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_refused_with_and_without_its_length_announced(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ReceiverEndpoint.Path)
        {
            Content = new FormUrlEncodedContent(ReceiverUnderTest.Good(("message", new string('x', 70_000)))),
        };
        request.Headers.TransferEncodingChunked = chunked;

        await ReceiverTable.AssertIsAsync("body-too-long", await _receiver.Client.SendAsync(request));

        Assert.Empty(_receiver.Submissions);
    }

    [Fact]
    [Trait("row", "no-ledger")]
    public Task Without_a_ledger_the_client_is_told_to_come_back() => AnsweredAsync("no-ledger", AcceptanceKind.Unavailable);

    [Fact]
    [Trait("row", "draining")]
    public Task A_node_out_of_traffic_tells_the_client_to_come_back() => AnsweredAsync("draining", AcceptanceKind.Draining);

    [Fact]
    public async Task A_stopping_node_takes_what_still_comes_and_closes_the_connection()
    {
        Assert.Null((await _receiver.PostAsync()).Headers.ConnectionClose);

        _receiver.Draining.Begin();
        using var answer = await _receiver.PostAsync();

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
    }

    [Fact]
    [Trait("row", "no-configuration")]
    public async Task A_node_without_configuration_refuses_nobodys_password()
    {
        await using var unconfigured = await ReceiverUnderTest.StartAsync(configured: false);

        await ReceiverTable.AssertIsAsync("no-configuration", await unconfigured.PostAsync());
    }

    [Fact]
    [Trait("row", "busy")]
    public async Task Too_many_first_logins_are_told_to_come_back()
    {
        await using var busy = await ReceiverUnderTest.StartAsync(loginsInFlight: 0);

        await ReceiverTable.AssertIsAsync("busy", await busy.PostAsync());
    }

    [Fact]
    [Trait("row", "internal")]
    public async Task A_defect_is_an_answer_too()
    {
        _receiver.Script = _ => throw new InvalidOperationException("a defect");

        var json = await ReceiverTable.AssertIsAsync("internal", await _receiver.PostAsync());

        Assert.DoesNotContain("a defect", json.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("row", "method")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Any_other_method_is_refused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{ReceiverEndpoint.Path}?{ReceiverUnderTest.Encode(ReceiverUnderTest.Good())}");

        await ReceiverTable.AssertIsAsync("method", await _receiver.Client.SendAsync(request));

        Assert.Empty(_receiver.Submissions);
    }

    [Fact]
    public async Task Another_path_is_not_found() =>
        Assert.Equal(HttpStatusCode.NotFound, (await _receiver.Client.GetAsync("/httpapi/receivers")).StatusCode);

    private async Task AnsweredAsync(string row, AcceptanceKind kind, params (string, string?)[] changes)
    {
        _receiver.Script = _ => new AcceptanceResult(kind, RetryAfter: TimeSpan.FromSeconds(5));

        var json = await ReceiverTable.AssertIsAsync(row, await _receiver.PostAsync(changes));

        Assert.Equal("id-1", json.GetProperty("message_id").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("id").ValueKind);
    }

    /// <summary>Refused by the receiver itself, with the parameter named first, and nothing submitted.</summary>
    private async Task<JsonElement> RefusedAsync(string row, string parameter, HttpResponseMessage response)
    {
        var json = await ReceiverTable.AssertIsAsync(row, response);
        Assert.StartsWith(parameter + ":", json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("id").ValueKind);
        Assert.Empty(_receiver.Submissions);
        return json;
    }
}
