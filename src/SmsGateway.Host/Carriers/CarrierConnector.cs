using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Carriers;

// Everything this node has to do with one carrier under one version of its settings: its binds, the sender, the answers, the
// way in. Changed settings stop it and start another one.
internal sealed partial class CarrierConnector : IDisposable
{
    private static readonly TimeSpan LeastDrain = TimeSpan.FromSeconds(1);

    private readonly ConnectorLink _link;
    private readonly CarrierSurroundings _around;
    private readonly string _node;
    private readonly Lock _liveGate = new();
    private readonly OpenCount _open = new();
    private readonly CircuitGate _circuit;
    private readonly OutcomeWriter _outcomes;
    private readonly SubmitPool _pool;
    private readonly SubmitSender _sender;
    private readonly RateAsker? _asker;
    private readonly BindKeeper[] _keepers;
    private readonly CancellationTokenSource _keep = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _write = new();
    private readonly CancellationTokenSource _ask = new();
    private Task _sending = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private volatile bool _stopping;

    public CarrierConnector(CarrierSettings settings, CarrierSurroundings around, CarrierDialer dialer, string node)
    {
        Settings = settings;
        Options = around.Options;
        Metrics = around.Metrics;
        Binds = around.Binds;
        Lingering = around.Lingering;
        Lease = around.Lease;
        Time = around.Time;
        Logger = around.Loggers.CreateLogger<CarrierConnector>();
        SessionLogger = around.Loggers.CreateLogger<SmppSession>();
        _link = around.Links.Get(settings.Name);
        _circuit = new CircuitGate(settings.Circuit, Time, CircuitChanged);
        _outcomes = new OutcomeWriter(around.Outcomes, around.Holding, around.Untold.Open(), Options.UncommittedOutcomes, _open, Wake, Time, Logger);
        Answers = new SubmitAnswers(settings, _outcomes, _circuit, _open, Metrics, Time);
        Inbound = new CarrierInbound(
            settings, Options.DeliverWindow, around.Receipts, around.Mos, around.MoAnswers, around.Holding, around.Configuration, around.HasReceivingBind, Metrics, Time, Logger);
        _pool = new SubmitPool(settings.Tps, _open, () => Lease.Epoch, Time, SlotFreed, TokensMissed);
        _asker = settings.Tps is { } tps
            ? new RateAsker(Name, _pool.TakeWantedTokens, (want, stop) => around.Rates.AskAsync(Name, tps, want, stop), _pool.Grant, Time, Logger)
            : null;
        _sender = new SubmitSender(settings.Name, _link.Lanes, _pool, Allowance, around.Sending, Options, Time, Logger);
        _around = around;
        _node = node;
        _keepers = Keepers(dialer);
        Slots = settings.MaxBinds is null ? null : new BindSlots(settings, _keepers.Length, around, Logger);
    }

    public CarrierSettings Settings { get; }

    public string Name => Settings.Name;

    public CarrierOptions Options { get; }

    public HostMetrics Metrics { get; }

    public BindDirectory Binds { get; }

    public LingeringBinds Lingering { get; }

    public NodeLease Lease { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public ILogger SessionLogger { get; }

    /// <summary>The places that each bind needs; null where the carrier does not limit the binds of all nodes together.</summary>
    public BindSlots? Slots { get; }

    public SubmitAnswers Answers { get; }

    public CarrierInbound Inbound { get; }

    public CarrierStatus Status => new(Name, _link.Live, _pool.Count, _keepers.Length, _circuit.IsOpen, _link.Lanes.Count, _outcomes.Uncommitted);

    /// <summary>A name that no earlier bind of this process had: an open attempt that carries a name which is gone is in doubt.</summary>
    public string NextBindName() => $"{Name}@{_node}#{_around.NextBindNumber(Name)}";

    public void Start()
    {
        _writing = _outcomes.RunAsync(_write.Token);
        _sending = _sender.RunAsync();
        _asking = _asker?.RunAsync(_ask.Token) ?? Task.CompletedTask;
        _link.Lanes.Arrived = _sender.Wake;
        _link.TryReserve = TryReserve;
        _around.Stance.Changed += Wake;
        _keeping = Task.WhenAll([Slots?.RunAsync(_keep.Token) ?? Task.CompletedTask, .. _keepers.Select(keeper => keeper.RunAsync(_keep.Token, _abort.Token))]);
        Started(Logger, Name, _keepers.Length, Settings.Host, Settings.Port);
    }

    /// <summary>Takes nothing more from the lanes; returns when the batches in their commit are written.</summary>
    public async Task StopSendingAsync()
    {
        _stopping = true;
        _link.TryReserve = null;
        _around.Stance.Changed -= Wake;
        _link.Lanes.Arrived = null;
        UpdateLive();
        _sender.Stop();
        await _sending.ConfigureAwait(false);
        await _ask.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(false);
    }

    /// <summary>Waits until every submit is answered and its outcome committed, or the time is up.</summary>
    /// <returns>False when the time was up; what is unanswered is then in doubt.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
    {
        try
        {
            await Task.WhenAll(_open.WhenNone(), Inbound.WhenStored()).WaitAsync(timeout, Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            NotDrained(Logger, Name, _open.Count, timeout);
            return false;
        }
    }

    /// <summary>Unbinds every bind, closes those that take longer than the time given, and commits what is left to commit.</summary>
    public async Task UnbindAsync(TimeSpan timeout)
    {
        var begun = Time.GetTimestamp();
        await _keep.CancelAsync().ConfigureAwait(false);
        try
        {
            await _keeping.WaitAsync(timeout, Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
            await _keeping.ConfigureAwait(false);
        }

        // What the ends of the binds left is known now: submits that never reached a socket.
        var left = timeout - Time.GetElapsedTime(begun);
        await DrainAsync(left > LeastDrain ? left : LeastDrain).ConfigureAwait(false);
        await _write.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        Stopped(Logger, Name);
    }

    public void Up(CarrierBind bind)
    {
        BindUp(Logger, bind.Name, bind.Type);
        if (bind.CanSubmit)
        {
            _pool.Add(bind);
            UpdateLive();
        }
    }

    public void Down(CarrierBind bind)
    {
        _pool.Remove(bind);
        UpdateLive();
    }

    /// <summary>A slot may be free; the sender looks when something waits for one.</summary>
    public void SlotFreed()
    {
        if (_link.Lanes.Count > 0)
        {
            _sender.Wake();
        }
    }

    public void Dispose()
    {
        _sender.Dispose();
        _asker?.Dispose();
        Slots?.Dispose();
        _circuit.Dispose();
        _keep.Dispose();
        _abort.Dispose();
        _write.Dispose();
        _ask.Dispose();
    }

    private SubmitSlot? TryReserve() => _link.Live && _sender.IsIdle && Allowance() > 0 ? _pool.TryReserve() : null;

    private int Allowance() => _stopping || _circuit.IsOpen || !_around.Stance.Emits ? 0 : _outcomes.Headroom;

    private void Wake() => _sender.Wake();

    private void TokensMissed() => _asker?.Wake();

    private void CircuitChanged()
    {
        var isOpen = _circuit.IsOpen;
        CircuitIs(Logger, isOpen ? LogLevel.Warning : LogLevel.Information, Name, isOpen ? "open" : "closed");
        UpdateLive();
        _sender.Wake();
    }

    private void UpdateLive()
    {
        lock (_liveGate)
        {
            _link.SetLive(!_stopping && _pool.Count > 0 && !_circuit.IsOpen);
        }
    }

    private BindKeeper[] Keepers(CarrierDialer dialer)
    {
        var types = Settings.BindType == CarrierBindType.Transceiver ? [BindType.Transceiver] : new[] { BindType.Transmitter, BindType.Receiver };
        var keepers = new BindKeeper[Settings.BindsPerNode * types.Length];
        for (var n = 0; n < keepers.Length; n++)
        {
            keepers[n] = new BindKeeper(this, dialer, types[n % types.Length]);
        }

        return keepers;
    }

    [LoggerMessage(3501, LogLevel.Information, "Connector {Connector} starts: {Binds} binds to {Host}:{Port}")]
    private static partial void Started(ILogger logger, string connector, int binds, string host, int port);

    [LoggerMessage(3502, LogLevel.Information, "Connector {Connector} has stopped")]
    private static partial void Stopped(ILogger logger, string connector);

    [LoggerMessage(3503, LogLevel.Warning, "Connector {Connector}: {Open} submits are without a committed outcome after {Timeout}")]
    private static partial void NotDrained(ILogger logger, string connector, int open, TimeSpan timeout);

    [LoggerMessage(3504, LogLevel.Information, "Bind {Bind} is up ({Type})")]
    private static partial void BindUp(ILogger logger, string bind, BindType type);

    [LoggerMessage(EventId = 3505, Message = "Connector {Connector}: the circuit is {State}")]
    private static partial void CircuitIs(ILogger logger, LogLevel level, string connector, string state);

    // Next free id of CarrierConnector: 3506.
}
