using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmsGateway.Host.Tests.Callbacks;

/// <summary>A customer's web server: records every request and answers what the test says.</summary>
internal sealed class CallbackSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CallbackSite(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Answers after recording; null = 200.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    public int InFlight;

    public Uri Url { get; private set; } = null!;

    public static async Task<CallbackSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var site = new CallbackSite(app);
        app.Run(site.HandleAsync);
        await app.StartAsync();
        site.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/callback");
        return site;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue(new Received(
            context.Request.Method, context.Request.Path, context.Request.ContentType, body, context.Request.Headers["X-Signature"], context.Connection.Id));
        Interlocked.Increment(ref InFlight);
        try
        {
            await (Answer?.Invoke(context) ?? Task.CompletedTask);
        }
        finally
        {
            Interlocked.Decrement(ref InFlight);
        }
    }

    internal sealed record Received(string Method, string Path, string? ContentType, string Body, string? Signature, string Connection);
}
