using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Http;

// A closed-loop run over HTTP: each connection has one message in hand until it is settled. A client of the model service: no answer means the
// same message_id again, at the next receiver.
internal sealed class HttpLoadRun : ILoad, IAsyncDisposable
{
    private readonly HttpLoadOptions _options;
    private readonly TimeProvider _time;
    private readonly FormMaker _forms;
    private readonly ConcurrentDictionary<string, int> _events = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private volatile bool _stopNew;
    private int _connected;
    private int _duplicates;

    public HttpLoadRun(HttpLoadOptions options, Marker marker, int capacity, TimeProvider time)
    {
        _options = options;
        _time = time;
        _forms = new FormMaker(options, marker);
        Messages = new MessageBook(capacity, time);
        Receipts = new ReceiptBook(Messages, time);
        Refusals = new RefusalBook(time);
    }

    public MessageBook Messages { get; }

    public ReceiptBook Receipts { get; }

    public RefusalBook Refusals { get; }

    public bool ExpectsReceipts => _options.Receipt;

    public bool Done => (_stopNew || Messages.Issued == Messages.Capacity) && Messages.Open == 0;

    public int Connected => Volatile.Read(ref _connected);

    public async Task ConnectAsync(CancellationToken ct)
    {
        var lines = new List<HttpLine>();
        try
        {
            for (int i = 0; i < _options.Connections; i++)
            {
                lines.Add(new HttpLine(_options.Receivers[i % _options.Receivers.Count]));
                await lines[i].ConnectAsync(ct);
                _connected++;
            }
        }
        catch (SocketException e)
        {
            lines.ForEach(line => line.Dispose());
            throw new LoadFailure($"cannot connect: {e.Message}");
        }

        _running = Task.WhenAll(lines.Select((line, i) => WorkAsync(line, i)));
    }

    public void Go() => _go.TrySetResult();

    public void StopNew() => _stopNew = true;

    public void Pulse()
    {
    }

    public async Task StopAsync()
    {
        _stopNew = true;
        _go.TrySetCanceled();
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    public IEnumerable<(string Name, string Value)> Conditions()
    {
        yield return ("protocol", "HTTP/1.1, keep-alive");
        yield return ("receivers", string.Join(" ", _options.Receivers.Select(r => r.Authority)));
        yield return ("connections", _options.Connections.ToString(CultureInfo.InvariantCulture));
        yield return ("text octets", _options.TextLength.ToString(CultureInfo.InvariantCulture));
        yield return ("answers marked duplicate", _duplicates.ToString(CultureInfo.InvariantCulture));
        if (!_events.IsEmpty)
            yield return ("met", string.Join(", ", _events.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key} ({e.Value})")));
    }

    private async Task WorkAsync(HttpLine first, int index)
    {
        await _go.Task;
        HttpLine line = first;
        int receiver = index;
        try
        {
            while (!_stopNew && Messages.Next() is >= 0 and int number)
            {
                string form = _forms.Make(number);
                while (!await TryOnceAsync(line, receiver % _options.Receivers.Count, number, form))
                {
                    if (line.Connected)
                        continue;
                    // The next receiver, if there is one.
                    line.Dispose();
                    receiver++;
                    line = new HttpLine(_options.Receivers[receiver % _options.Receivers.Count]);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        finally
        {
            line.Dispose();
            Interlocked.Decrement(ref _connected);
        }
    }

    // True when the message is settled, for good or ill.
    private async Task<bool> TryOnceAsync(HttpLine line, int node, int number, string form)
    {
        using var timeout = new CancellationTokenSource();
        using CancellationTokenRegistration stopped = _stopping.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        timeout.CancelAfter(_options.ResponseTimeout);
        try
        {
            if (!line.Connected)
                await line.ConnectAsync(timeout.Token);
            Messages.Sending(number);
            HttpReply reply = await line.PostAsync(form, timeout.Token);
            if (reply.Close)
                line.Close();
            if (Settle(number, node, reply))
                return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Count(e.Message);
            line.Close();
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            Count("no answer in time");
            line.Close();
            return false;
        }

        await Task.Delay(_options.BackOff, _time, _stopping.Token);
        return false;
    }

    private bool Settle(int number, int node, HttpReply reply)
    {
        if (reply.Status != 200)
            Refusals.Take(node, $"HTTP {reply.Status}");
        switch (reply.Status)
        {
            case 200 when reply.Id.Length > 0:
                if (reply.Duplicate)
                    Interlocked.Increment(ref _duplicates);
                Messages.Accept(number, IdHash.Of(reply.Id), node);
                return true;
            case 429 or 503:
                Messages.NoteThrottled();
                return false;
            default:
                Messages.Refuse(number);
                return true;
        }
    }

    private void Count(string what)
    {
        if (_events.Count < 200 || _events.ContainsKey(what))
            _events.AddOrUpdate(what, 1, (_, count) => count + 1);
    }
}
