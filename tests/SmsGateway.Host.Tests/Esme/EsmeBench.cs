using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Esme;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Esme;

// The SMPP server behind a real Kestrel on a port of its own, with a scripted submit and a list in place of the outbox.
internal sealed class EsmeBench : IAsyncDisposable
{
    public const string Name = "acme";
    public const string Password = "acme1234";
    public const string Node = "node1";
    public const string Sender = "67890";
    public const string Handset = "447700900123";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly string Hash = CheapestHash();
    private readonly WebApplication _app;
    private readonly Channel<Submission> _submissions = Channel.CreateUnbounded<Submission>();
    private readonly Channel<DeliveryEvent> _events = Channel.CreateUnbounded<DeliveryEvent>();
    private readonly ConcurrentDictionary<string, DeliveryLane> _lanes = new(StringComparer.Ordinal);

    private volatile bool _accepts = true;
    private Action? _stanceChanged;

    private EsmeBench(TimeProvider time, Action<SmppOptions>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services
            .AddSingleton(time)
            .AddSingleton(Configuration)
            .AddSingleton<CredentialCheck>()
            .AddSingleton<HostMetrics>()
            .AddSingleton<BindDirectory>()
            .AddSingleton(Options.Create(OptionsWith(configure)))
            .AddSingleton(Flow())
            .AddSingleton<EsmeServer>();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<EsmeConnectionHandler>()));
        _app = builder.Build();
    }

    public LogLines Log { get; } = new();

    public ConfigurationState Configuration { get; } = new();

    /// <summary>What the scripted Flow answers; accepted under a new id unless a test says otherwise.</summary>
    public Func<Submission, ValueTask<AcceptanceResult>> Answer { get; set; } = _ => ValueTask.FromResult(Accepted());

    /// <summary>Called while a delivery is parked: nothing is offered to the account before it returns.</summary>
    public Action Parking { get; set; } = () => { };

    /// <summary>False where so many come that the list itself would be the memory that is measured.</summary>
    public bool KeepSubmissions { get; set; } = true;

    public EsmeServer Server => _app.Services.GetRequiredService<EsmeServer>();

    public BindDirectory Binds => _app.Services.GetRequiredService<BindDirectory>();

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    public static async Task<EsmeBench> StartAsync(
        Func<AccountSettings, AccountSettings>? account = null, Action<SmppOptions>? options = null, TimeProvider? time = null, bool configured = true)
    {
        var bench = new EsmeBench(time ?? TimeProvider.System, options);
        if (configured)
        {
            bench.Configure(1, (account ?? (a => a))(Account()));
        }

        await bench._app.StartAsync();
        var address = bench._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        bench.EndPoint = new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
        return bench;
    }

    public static AccountSettings Account() => new()
    {
        Name = Name,
        Credentials = [new CredentialSettings { Name = "main", PasswordHash = Hash }],
        Senders = [Sender],
    };

    public static AcceptanceResult Accepted(AcceptanceKind kind = AcceptanceKind.Accepted) => new(kind, new MessageId(Guid.NewGuid()), 1);

    public static SubmitSm Message(string text = "hello") => new()
    {
        SourceAddr = Sender,
        DestinationAddr = Handset,
        RegisteredDelivery = 1,
        ShortMessage = System.Text.Encoding.UTF8.GetBytes(text),
    };

    public void Configure(long version, params AccountSettings[] accounts) =>
        Configuration.Swap(new ConfigurationSnapshot(version, "hash" + version, new ConfigurationDocument { Accounts = accounts }));

    /// <summary>As the node's mode or its stop says.</summary>
    public void Accept(bool accepts)
    {
        _accepts = accepts;
        _stanceChanged?.Invoke();
    }

    public Task<WireClient> ConnectAsync() => WireClient.ConnectAsync(EndPoint);

    /// <summary>Connects, and is closed at once: the connection ends or is reset, even before the client knows that it has one.</summary>
    public async Task RefusedAsync()
    {
        try
        {
            await using var client = await ConnectAsync();
            await client.ReceiveEndAsync();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }

    public async Task<WireClient> BoundAsync(BindType type = BindType.Transceiver)
    {
        var client = await ConnectAsync();
        Assert.Equal(CommandStatus.Ok, (await client.BindAsync(type)).Status);
        return client;
    }

    public DeliveryLane Lane(string account = Name) => _lanes.GetOrAdd(account, name => new DeliveryLane(name, Protocol.Smpp, 1000));

    public void Deliver(params Delivery[] deliveries)
    {
        foreach (var delivery in deliveries)
        {
            Assert.True(Lane(delivery.Account).TryEnqueue(delivery));
        }

        Lane(deliveries[0].Account).Wake();
    }

    public async Task<Submission> SubmissionAsync() => await _submissions.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task<DeliveryEvent> EventAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await Server.UnbindAllAsync(TimeSpan.Zero);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // The fewest iterations that are taken: every test logs in once on a server of its own.
    private static string CheapestHash()
    {
        const int iterations = 100_000;
        byte[] salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        var hash = Rfc2898DeriveBytes.Pbkdf2(Password, salt, iterations, HashAlgorithmName.SHA256, 32);
        return $"pbkdf2-sha256${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    private static SmppOptions OptionsWith(Action<SmppOptions>? configure)
    {
        var options = new SmppOptions();
        configure?.Invoke(options);
        return options;
    }

    private EsmeFlow Flow() => new()
    {
        Node = Node,
        Submit = (submission, _) =>
        {
            var answer = Answer(submission); // before it is announced: a test that saw it may set another answer for the next one
            if (KeepSubmissions)
            {
                _submissions.Writer.TryWrite(submission);
            }

            return answer;
        },
        LaneOf = Lane,
        Acknowledge = (delivery, bind) => _events.Writer.TryWrite(new DeliveryEvent("acknowledged", delivery, bind)),
        Retry = (delivery, due, bind, reason) => _events.Writer.TryWrite(new DeliveryEvent("retry", delivery, bind, due, reason)),
        Return = Return,
        Park = (delivery, reason) =>
        {
            _events.Writer.TryWrite(new DeliveryEvent("parked", delivery, Reason: reason));
            Parking();
        },
        Accepts = () => _accepts,
        Word = () => _accepts ? "" : "standby",
        Follow = changed => _stanceChanged += changed,
    };

    // As Deliveries does it: one offer more, and back into the lane while somebody can take it.
    private void Return(Delivery delivery)
    {
        _events.Writer.TryWrite(new DeliveryEvent("returned", delivery));
        var lane = Lane(delivery.Account);
        if (lane.Open && lane.TryEnqueue(delivery with { Offers = (short)(delivery.Offers + 1) }))
        {
            lane.Wake();
        }
    }
}

/// <summary>What the server told Flow about a delivery.</summary>
internal sealed record DeliveryEvent(string What, Delivery Delivery, string? Bind = null, DateTimeOffset? Due = null, string? Reason = null);
