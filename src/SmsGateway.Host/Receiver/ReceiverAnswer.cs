using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Receiver;

/// <summary>One answer: status line, headers and JSON. An OK is made from an AcceptanceResult only.</summary>
internal readonly struct ReceiverAnswer
{
    // A scratch buffer per thread: the answer is built and copied out without waiting, and its length is known before the headers go.
    [ThreadStatic] private static ArrayBufferWriter<byte>? _scratch;
    [ThreadStatic] private static Utf8JsonWriter? _json;

    private readonly int _status;
    private readonly int _code;
    private readonly string? _error;
    private readonly MessageId? _id;
    private readonly int _parts;
    private readonly bool _duplicate;
    private readonly TimeSpan? _retryAfter;

    private ReceiverAnswer(AcceptanceResult accepted)
    {
        _status = StatusCodes.Status200OK;
        _id = accepted.Id;
        _parts = accepted.Parts;
        _duplicate = accepted.Kind == AcceptanceKind.Duplicate;
    }

    private ReceiverAnswer(int status, int code, string error, TimeSpan? retryAfter)
    {
        _status = status;
        _code = code;
        _error = error;
        _retryAfter = retryAfter;
    }

    public int Status => _status;

    public static ReceiverAnswer Refused(int status, int code, string error, TimeSpan? retryAfter = null) => new(status, code, error, retryAfter);

    /// <summary>The table of design and docs/http-api.md for what Acceptance says.</summary>
    public static ReceiverAnswer Of(in AcceptanceResult result) => result.Kind switch
    {
        AcceptanceKind.Accepted or AcceptanceKind.Duplicate => new ReceiverAnswer(result),
        AcceptanceKind.Conflict => Refused(409, ResultCodes.Duplicate, "message_id: was used for another message"),
        AcceptanceKind.TooLong => Refused(413, ResultCodes.TooLong, "message: more parts than the account may send"),
        AcceptanceKind.NoRoute => Refused(400, ResultCodes.CarrierInvalid, "phone_number: no route"),
        AcceptanceKind.UnknownCarrier => Refused(400, ResultCodes.CarrierInvalid, "carrier: unknown or disabled"),
        AcceptanceKind.Unencodable => Refused(400, ResultCodes.BadParameter, "message: cannot be encoded"),
        AcceptanceKind.RateLimited => Refused(429, ResultCodes.Throttled, "over the account's rate", result.RetryAfter),
        AcceptanceKind.QueueFull => Refused(429, ResultCodes.Throttled, "too many messages queued", result.RetryAfter),
        AcceptanceKind.Draining => Refused(503, ResultCodes.Internal, "the node is out of traffic; use another", result.RetryAfter),
        _ => Refused(503, ResultCodes.Internal, "the message could not be made durable", result.RetryAfter),
    };

    /// <summary>Puts headers and body into the response; the server flushes at the end of the request.</summary>
    /// <param name="response">Not started.</param>
    /// <param name="messageId">The client's, echoed; null = answer with the generated id.</param>
    public void Write(HttpResponse response, string? messageId)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(512);
        scratch.ResetWrittenCount();
        WriteJson(scratch, messageId);
        response.StatusCode = _status;
        var headers = response.Headers;
        headers.ContentType = "application/json";
        headers.CacheControl = "no-store"; // a GET that sends something must never be answered by a proxy
        headers.ContentLength = scratch.WrittenCount;
        if (_duplicate)
        {
            headers["X-Duplicate"] = "true";
        }

        if (_retryAfter is { } retryAfter)
        {
            headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        response.BodyWriter.Write(scratch.WrittenSpan);
    }

    private void WriteJson(ArrayBufferWriter<byte> output, string? messageId)
    {
        var json = _json ??= new Utf8JsonWriter(output);
        json.Reset(output);
        var id = _id?.ToString();
        json.WriteStartObject();
        json.WriteString("message_id"u8, messageId ?? id);
        json.WriteString("id"u8, id);
        json.WriteNumber("parts"u8, _parts);
        json.WriteNumber("result_code"u8, _code);
        json.WriteString("result"u8, ResultCodes.TextOf(_code));
        if (_error is not null)
        {
            json.WriteString("error"u8, _error);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
