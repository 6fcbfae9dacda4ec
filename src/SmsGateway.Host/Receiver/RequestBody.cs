using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace SmsGateway.Host.Receiver;

/// <summary>Reads a form body of bounded length into a form.</summary>
internal static class RequestBody
{
    /// <returns>Null when the body is in the form or there is none.</returns>
    public static async ValueTask<ReceiverAnswer?> ReadAsync(HttpRequest request, ReceiverForm form, int maxLength)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && request.Headers.TransferEncoding.Count == 0))
        {
            return null;
        }

        if (request.ContentLength > maxLength)
        {
            return TooLong();
        }

        if (!IsForm(request.ContentType))
        {
            return ReceiverAnswer.Refused(400, ResultCodes.BadParameter, "body: not application/x-www-form-urlencoded in UTF-8");
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > maxLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLong();
            }

            if (read.IsCompleted)
            {
                Add(read.Buffer, form);
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void Add(in ReadOnlySequence<byte> body, ReceiverForm form)
    {
        if (body.IsSingleSegment)
        {
            form.Add(body.FirstSpan);
            return;
        }

        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(rented);
        form.Add(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A body without a type is taken for a form: there is nothing else it could be here.</summary>
    private static bool IsForm(string? contentType)
    {
        const string Form = "application/x-www-form-urlencoded";
        if (contentType is null or "" or Form)
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase)
            && (parsed.Charset.Length == 0 || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static ReceiverAnswer TooLong() => ReceiverAnswer.Refused(413, ResultCodes.TooLong, "body: too long");
}
