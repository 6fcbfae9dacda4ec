using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Control;

namespace SmsGateway.Simulator.Sink;

// A simulated customer's callback URL: records what it is told and answers as told.
internal sealed class CallbackSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly StreamWriter? _file;
    private readonly SinkJournal _journal;
    private readonly BehaviourBox<SinkBehaviour> _behaviour = new(new SinkBehaviour(), SinkBehaviour.Errors);
    private readonly Random _random;
    private ListenOptions? _listen;

    public CallbackSink(SinkOptions options, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _random = new Random(options.Seed);
        _file = options.JournalFile is null ? null : new StreamWriter(options.JournalFile, append: true, Encoding.UTF8, 64 * 1024);
        _journal = new SinkJournal(options.Capacity, _file);
        WebApplicationBuilder builder = SimulatorHost.CreateBuilder(options.Log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Listen, listen => _listen = listen));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapPost("/callback", ReceiveAsync);
        _app.MapGet("/received", ListAsync);
        _app.MapGet("/received/summary", context => context.AnswerAsync(_journal.Summary()));
        _app.MapGet("/received/export", ExportAsync);
        _app.MapGet("/behaviour", context => context.AnswerAsync(_behaviour.Current));
        _app.MapPost("/behaviour", SetBehaviourAsync);
        _app.MapPost("/reset", ResetAsync);
        _app.MapGet("/health", context => context.AnswerAsync(new { name = "sink" }));
    }

    /// <summary>Its address, after the start.</summary>
    public Uri Address => new($"http://{_listen!.IPEndPoint}");

    /// <summary>What callbacks go to, after the start.</summary>
    public Uri CallbackUrl => new(Address, "/callback");

    /// <summary>What was received, for tests in the same process.</summary>
    public SinkJournal Journal => _journal;

    /// <exception cref="IOException">The port is taken.</exception>
    public Task StartAsync() => _app.StartAsync();

    public async Task StopAsync()
    {
        await _app.StopAsync();
        _journal.Flush();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        if (_file is not null)
            await _file.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        SinkBehaviour behaviour = _behaviour.Current;
        if (behaviour.Down)
        {
            context.Abort();
            return;
        }

        using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        ReceivedCallback callback = _journal.Add(_time.GetUtcNow().Ticks, body.ToArray(), Headers(context.Request));
        bool fails;
        int delay;
        lock (_random)
        {
            fails = behaviour.FailRatio > 0 && _random.NextDouble() < behaviour.FailRatio;
            delay = behaviour.DelayMs.Draw(_random);
        }

        if (behaviour.Hang || delay > 0)
            await Task.Delay(behaviour.Hang ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(delay), _time, context.RequestAborted);
        context.Response.StatusCode = callback.Status = fails ? behaviour.FailStatus : behaviour.Status;
        context.Response.ContentLength = 0;
    }

    private static string Headers(HttpRequest request)
    {
        var text = new StringBuilder(256);
        foreach ((string name, var value) in request.Headers)
            text.Append(name).Append(": ").Append(value.ToString()).Append('\n');
        return text.ToString();
    }

    private Task ListAsync(HttpContext context)
    {
        string? type = context.Word("type");
        string? messageId = context.Word("message_id");
        int offset = context.Number("offset", 0);
        int limit = Math.Min(context.Number("limit", 1000), 100_000);
        var matching = _journal.Snapshot().Where(c => (type is null || c.Type == type) && (messageId is null || c.MessageId == messageId));
        return context.AnswerAsync(matching.Skip(offset).Take(limit).Select(SinkJournal.Describe).ToArray());
    }

    // For checkers, tab separated: arrival in microseconds since 1970, type, message_id, message_state, result_code, occurrence.
    private async Task ExportAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        await using var lines = new StreamWriter(context.Response.Body, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
        ReceivedCallback[] received = _journal.Snapshot();
        for (int i = context.Number("after", 0); i < received.Length; i++)
        {
            ReceivedCallback c = received[i];
            await lines.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{(c.At - DateTime.UnixEpoch.Ticks) / 10}\t{c.Type}\t{c.MessageId}\t{c.State}\t{c.ResultCode}\t{c.Occurrence}\n"));
        }
    }

    private async Task SetBehaviourAsync(HttpContext context)
    {
        if (_behaviour.TryUpdate(await context.BodyAsync()) is { } error)
            await context.AnswerAsync(new { error }, StatusCodes.Status400BadRequest);
        else
            await context.AnswerAsync(_behaviour.Current);
    }

    private Task ResetAsync(HttpContext context)
    {
        _journal.Reset();
        return context.AnswerAsync(new { reset = true });
    }
}
