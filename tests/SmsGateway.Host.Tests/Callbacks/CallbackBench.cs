using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Callbacks;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Callbacks;

/// <summary>The pusher between lanes that a test fills and reports that a test reads.</summary>
internal sealed class CallbackBench : IAsyncDisposable
{
    private readonly HostMetrics _metrics = new();
    private int _givenBack;
    private readonly CallbackTargets _targets;
    private readonly CallbackPusher _pusher;
    private readonly ConcurrentDictionary<string, Channel<Delivery>> _lanes = new();

    public CallbackBench(CallbackOptions? options = null)
    {
        options ??= new CallbackOptions { AllowPrivateTargets = true };
        _targets = new CallbackTargets(Configuration, Options.Create(options), _metrics, Time, NullLogger<CallbackTarget>.Instance);
        var limits = new CallbackLimits(
            new RetrySchedule(options, TimeSpan.FromHours(72), () => 0.5), new SharedSlots(options.SharedConcurrency), options.ConcurrencyPerAccount);
        var reports = new CallbackReports(
            (delivery, target) => Report(new Reported(delivery, "acknowledged", target, null, "")),
            (delivery, due, target, reason) => Report(new Reported(delivery, "retry", target, due, reason)),
            (delivery, reason) => Report(new Reported(delivery, "parked", "", null, reason)));
        var intake = new CallbackIntake(account => Lane(account).Reader, (account, open) => Open[account] = open, _ => Keeps || Interlocked.Increment(ref _givenBack) < 0);
        _pusher = new CallbackPusher(Configuration, reports, intake, _targets, limits, Time, NullLogger<CallbackLane>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public ConfigurationState Configuration { get; } = new();

    public ConcurrentQueue<Reported> Reports { get; } = new();

    public ConcurrentDictionary<string, bool> Open { get; } = new();

    /// <summary>Whether the node may still push.</summary>
    public bool Keeps { get; set; } = true;

    public int GivenBack => Volatile.Read(ref _givenBack);

    public Task StartAsync() => _pusher.StartAsync(CancellationToken.None);

    public Task StopAsync(CancellationToken timeUp = default) => _pusher.StopAsync(timeUp);

    public void Configure(params AccountSettings[] accounts) => Configuration.Swap(new ConfigurationSnapshot(
        1, "hash", new ConfigurationDocument { Accounts = accounts, Carriers = [new CarrierSettings { Name = "carrier-a", Host = "127.0.0.1" }] }));

    public void Give(Delivery delivery) => Assert.True(Lane(delivery.Account).Writer.TryWrite(delivery));

    /// <summary>Waits until this many outcomes were reported.</summary>
    public async Task<IReadOnlyList<Reported>> ReportsAsync(int count)
    {
        await Eventually.TrueAsync(() => Reports.Count >= count, $"{count} reports");
        return [.. Reports];
    }

    public Delivery Receipt(string account = "demo", string? clientId = "my-1", short offers = 0) => new()
    {
        Id = Guid.NewGuid(),
        Account = account,
        Kind = DeliveryKind.Receipt,
        Protocol = Protocol.Http,
        Offers = offers,
        CreatedAt = Time.GetUtcNow(),
        DueAt = Time.GetUtcNow(),
        MessageId = new MessageId(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")),
        Day = new DateOnly(2026, 1, 1),
        Segment = 1,
        ClientMessageId = clientId,
        Source = "447700900000",
        Destination = "12345",
        State = ReceiptState.Delivered,
        AcceptedAt = Time.GetUtcNow(),
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _pusher.StopAsync(now.Token);
        _pusher.Dispose();
        _targets.Dispose();
        _metrics.Dispose();
    }

    private Channel<Delivery> Lane(string account) => _lanes.GetOrAdd(account, _ => Channel.CreateBounded<Delivery>(1000));

    private void Report(Reported reported) => Reports.Enqueue(reported);

    internal sealed record Reported(Delivery Delivery, string Outcome, string Target, DateTimeOffset? Due, string Reason);
}
