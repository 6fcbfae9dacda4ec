using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Receiver;
using SmsGateway.Host.Security;
using SmsGateway.Host.Tests.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Receiver;

/// <summary>The real receiver on a real Kestrel at a port of the system's choice; only what it submits to is a script.</summary>
internal sealed class ReceiverUnderTest : IAsyncDisposable
{
    /// <summary>The id of every message the script accepts.</summary>
    public static readonly MessageId Id = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private ReceiverUnderTest(WebApplication app)
    {
        _app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
    }

    public HttpClient Client { get; }

    /// <summary>Whether the node stops.</summary>
    public Draining Draining => _app.Services.GetRequiredService<Draining>();

    /// <summary>What reached the script, in order.</summary>
    public ConcurrentQueue<Submission> Submissions { get; } = new();

    /// <summary>What the script says.</summary>
    public Func<Submission, AcceptanceResult> Script { get; set; } = _ => new AcceptanceResult(AcceptanceKind.Accepted, Id, 1);

    public Submission Single => Assert.Single(Submissions);

    /// <param name="configured">False: the node has read no configuration yet.</param>
    /// <param name="loginsInFlight">First logins checked at once.</param>
    public static async Task<ReceiverUnderTest> StartAsync(bool configured = true, int loginsInFlight = 64)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        ReceiverUnderTest? test = null;
        builder.Services
            .AddSingleton<Submit>((submission, _) => test!.SubmitAsync(submission))
            .AddSingleton<ConfigurationState>()
            .AddSingleton(s => new CredentialCheck(s.GetRequiredService<ConfigurationState>(), loginsInFlight))
            .AddSingleton<HostMetrics>()
            .AddSingleton<Draining>()
            .AddReceiver()
            .AddOptions<ReceiverOptions>();
        var app = builder.Build();
        app.UseReceiver();
        if (configured)
        {
            app.Services.GetRequiredService<ConfigurationState>().Swap(Documents.Snapshot(Documents.Small));
        }

        await app.StartAsync();
        return test = new ReceiverUnderTest(app);
    }

    /// <summary>The parameters of a good request of account demo, with some changed, added or (null) left out.</summary>
    public static Dictionary<string, string> Good(params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string>
        {
            ["login"] = "demo",
            ["password"] = "demo1234",
            ["phone_number"] = "447700900123",
            ["sender"] = "12345",
            ["message"] = "hello",
            ["message_id"] = "id-1",
        };
        foreach (var (name, value) in changes)
        {
            form.Remove(name);
            if (value is not null)
            {
                form[name] = value;
            }
        }

        return form;
    }

    public Task<HttpResponseMessage> PostAsync(params (string Name, string? Value)[] changes) =>
        Client.PostAsync(ReceiverEndpoint.Path, new FormUrlEncodedContent(Good(changes)));

    /// <summary>A body that is already encoded.</summary>
    public Task<HttpResponseMessage> PostRawAsync(string body, string query = "", string type = "application/x-www-form-urlencoded")
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return Client.PostAsync(ReceiverEndpoint.Path + query, content);
    }

    public Task<HttpResponseMessage> GetAsync(params (string Name, string? Value)[] changes) =>
        Client.GetAsync(ReceiverEndpoint.Path + "?" + Encode(Good(changes)));

    public static string Encode(Dictionary<string, string> form) =>
        string.Join('&', form.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    /// <summary>Octets as a client that is no HTTP library sends them; the whole answer up to the close.</summary>
    public async Task<string> TalkAsync(string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private ValueTask<AcceptanceResult> SubmitAsync(Submission submission)
    {
        Submissions.Enqueue(submission);
        return ValueTask.FromResult(Script(submission));
    }
}
