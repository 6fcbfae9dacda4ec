using System.Text.Json;
using SmsGateway.Host.Receiver;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Receiver;

/// <summary>What becomes of good parameters.</summary>
public sealed class ReceiverParameterTests : IAsyncLifetime
{
    private ReceiverUnderTest _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ReceiverUnderTest.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Every_parameter_reaches_the_submission()
    {
        await AcceptedAsync(_receiver.PostAsync(
            ("carrier", "a"), ("receipt", "TRUE"), ("app_id", "app 1"), ("conversation_id", "c&1"), ("priority", "INTERACTIVE_LOW"), ("message", "Grüße, 5 € 😀\r\n&=+%")));

        var submission = _receiver.Single;
        Assert.Equal("demo", submission.Account.Name);
        Assert.Equal(Protocol.Http, submission.Protocol);
        Assert.Equal(("id-1", "447700900123", "12345"), (submission.ClientMessageId, submission.Destination, submission.Sender));
        Assert.Equal(("a", "app 1", "c&1"), (submission.CarrierAsked, submission.AppId, submission.ConversationId));
        Assert.Equal(RegisteredReceipts.All, submission.Registered);
        Assert.Equal((Priority.InteractiveLow, Priority.InteractiveLow), (submission.PriorityAsked, submission.Priority));
        Assert.Equal("Grüße, 5 € 😀\r\n&=+%", submission.Text);
        Assert.Null(submission.Part);
        Assert.Null(submission.ValidUntil);
    }

    [Fact]
    public async Task What_is_absent_or_empty_is_not_there_and_the_priority_is_the_accounts()
    {
        await AcceptedAsync(_receiver.PostAsync(("app_id", ""), ("carrier", "")));

        var submission = _receiver.Single;
        Assert.Null(submission.CarrierAsked);
        Assert.Null(submission.AppId);
        Assert.Null(submission.ConversationId);
        Assert.Null(submission.PriorityAsked);
        Assert.Equal(Priority.Bulk, submission.Priority);
        Assert.Equal(RegisteredReceipts.None, submission.Registered);
    }

    [Theory]
    [InlineData("BULK_LOW", Priority.BulkLow)]
    [InlineData("BULK", Priority.Bulk)]
    [InlineData("INTERACTIVE_LOW", Priority.InteractiveLow)]
    [InlineData("INTERACTIVE", Priority.Interactive)]
    public async Task The_four_priorities_are_known(string word, Priority priority)
    {
        await AcceptedAsync(_receiver.PostAsync(("priority", word)));

        Assert.Equal(priority, _receiver.Single.PriorityAsked);
    }

    [Theory]
    [InlineData("true", RegisteredReceipts.All)]
    [InlineData("True", RegisteredReceipts.All)]
    [InlineData("FALSE", RegisteredReceipts.None)]
    [InlineData("false", RegisteredReceipts.None)]
    public async Task Receipt_is_taken_in_any_case(string word, RegisteredReceipts registered)
    {
        await AcceptedAsync(_receiver.PostAsync(("receipt", word)));

        Assert.Equal(registered, _receiver.Single.Registered);
    }

    [Theory]
    [InlineData("%2B447700900123")]
    [InlineData("+447700900123")]
    [InlineData("447700900123")]
    public async Task A_leading_plus_is_removed_escaped_or_not(string number)
    {
        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good(("phone_number", null)));

        await AcceptedAsync(_receiver.PostRawAsync($"{good}&phone_number={number}"));

        Assert.Equal("447700900123", _receiver.Single.Destination);
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("123456789012345")]
    public async Task Seven_to_fifteen_digits_are_a_number(string number)
    {
        await AcceptedAsync(_receiver.PostAsync(("phone_number", number)));

        Assert.Equal(number, _receiver.Single.Destination);
    }

    [Fact]
    public async Task An_alphanumeric_sender_that_is_enabled_is_taken()
    {
        await AcceptedAsync(_receiver.PostAsync(("sender", "ACME")));

        Assert.Equal("ACME", _receiver.Single.Sender);
    }

    [Fact]
    public async Task Query_string_and_body_are_read_together_and_the_body_wins()
    {
        await AcceptedAsync(_receiver.PostRawAsync(
            "sender=12345&message=from+the+body&message_id=id-2", "?login=demo&password=demo1234&phone_number=447700900123&message=from+the+query&sender=%zz"));

        Assert.Equal(("from the body", "id-2", "12345"), (_receiver.Single.Text, _receiver.Single.ClientMessageId, _receiver.Single.Sender));
    }

    [Fact]
    public async Task All_parameters_of_a_POST_may_be_in_the_query_string()
    {
        await AcceptedAsync(_receiver.Client.PostAsync($"{ReceiverEndpoint.Path}?{ReceiverUnderTest.Encode(ReceiverUnderTest.Good())}", null));

        Assert.Equal("hello", _receiver.Single.Text);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    [InlineData("")]
    public async Task The_usual_spellings_of_the_content_type_are_taken(string type) =>
        await AcceptedAsync(_receiver.PostRawAsync(ReceiverUnderTest.Encode(ReceiverUnderTest.Good()), type: type));

    [Fact]
    public async Task Unknown_parameters_are_ignored_whatever_is_in_them()
    {
        var good = ReceiverUnderTest.Encode(ReceiverUnderTest.Good());

        await AcceptedAsync(_receiver.PostRawAsync($"&&{good}&Login=x&foo=%zz&foo=1&=&bar&%zz=1&{new string('n', 500)}%41=1&"));

        Assert.Equal("demo", _receiver.Single.Account.Name);
    }

    [Fact]
    public async Task Sixty_four_characters_of_any_script_are_a_message_id_and_are_echoed()
    {
        var id = string.Concat(Enumerable.Repeat("😀", 64));

        var json = await AcceptedAsync(_receiver.PostAsync(("message_id", id)));

        Assert.Equal(id, _receiver.Single.ClientMessageId);
        Assert.Equal(id, json.GetProperty("message_id").GetString());
    }

    [Fact]
    public async Task Where_the_message_id_is_optional_the_generated_id_is_given_back()
    {
        var json = await AcceptedAsync(_receiver.PostAsync(("login", "lax"), ("sender", "67890"), ("message_id", null)));

        Assert.Null(_receiver.Single.ClientMessageId);
        Assert.Equal(ReceiverUnderTest.Id.ToString(), json.GetProperty("message_id").GetString());
        Assert.Equal(ReceiverUnderTest.Id.ToString(), json.GetProperty("id").GetString());
        Assert.Equal(Priority.Interactive, _receiver.Single.Priority);
    }

    [Fact]
    public async Task A_body_in_small_chunks_is_read_whole()
    {
        var body = ReceiverUnderTest.Encode(ReceiverUnderTest.Good(("message", new string('x', 20_000))));
        var chunks = string.Concat(body.Chunk(1000).Select(c => $"{c.Length:x}\r\n{new string(c)}\r\n"));

        var answer = await _receiver.TalkAsync(
            $"POST {ReceiverEndpoint.Path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{chunks}0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal(20_000, _receiver.Single.Text!.Length);
    }

    private static async Task<JsonElement> AcceptedAsync(Task<HttpResponseMessage> response) => await ReceiverTable.AssertIsAsync("accepted", await response);
}
