using System.Net.Sockets;
using SmsGateway.Load.Http;

namespace SmsGateway.Load.Ids;

// The copies of one id over HTTP, each over a connection of its own, written at the same time.
internal sealed class HttpCopies : ICopies
{
    private readonly HttpLine[] _lines;
    private readonly FormMaker _forms;

    public HttpCopies(HttpLoadOptions options, FormMaker forms, int times, int firstReceiver)
    {
        _forms = forms;
        _lines = new HttpLine[times];
        for (int i = 0; i < times; i++)
            _lines[i] = new HttpLine(options.Receivers[(firstReceiver + i) % options.Receivers.Count]);
    }

    public async Task<IdAnswer[]> SendAsync(int number, bool sameContents, CancellationToken ct)
    {
        var sending = new Task<IdAnswer>[_lines.Length];
        for (int i = 0; i < sending.Length; i++)
            sending[i] = OneAsync(_lines[i], _forms.Make(number, sameContents ? 0 : i), ct);
        return await Task.WhenAll(sending);
    }

    public void Dispose() => Array.ForEach(_lines, line => line.Dispose());

    private static async Task<IdAnswer> OneAsync(HttpLine line, string form, CancellationToken ct)
    {
        try
        {
            if (!line.Connected)
                await line.ConnectAsync(ct);
            HttpReply reply = await line.PostAsync(form, ct);
            if (reply.Close)
                line.Close();
            AnswerKind kind = reply.Status switch
            {
                200 when reply.Duplicate => AnswerKind.Duplicate,
                200 => AnswerKind.Accepted,
                409 => AnswerKind.Conflict,
                _ => AnswerKind.Other,
            };
            return new IdAnswer(kind, reply.Status == 200 ? reply.Id : "", reply.Duplicate ? $"{reply.Status} duplicate" : $"{reply.Status}");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            line.Close();
            return new IdAnswer(AnswerKind.Other, "", e.Message);
        }
    }
}
