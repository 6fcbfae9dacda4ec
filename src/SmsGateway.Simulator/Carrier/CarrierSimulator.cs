using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Control;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Simulator.Carrier;

// A carrier's SMSC: an SMPP listener and a control listener in one Kestrel. Used by the program and, with ports chosen by the system, by tests.
internal sealed class CarrierSimulator : IAsyncDisposable
{
    private readonly CarrierOptions _options;
    private readonly CarrierRooms _rooms;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private ListenOptions? _smpp;
    private ListenOptions? _control;
    private int _connections;

    public CarrierSimulator(CarrierOptions options, CarrierBehaviour? behaviour = null, TimeProvider? time = null)
    {
        _options = options;
        WebApplicationBuilder builder = SimulatorHost.CreateBuilder(options.Log);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, listen => (_smpp = listen).Run(ServeAsync));
            kestrel.Listen(options.Control, listen => _control = listen);
        });
        _app = builder.Build();
        var log = new CarrierLog(_app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(options.Name));
        _rooms = new CarrierRooms(options, behaviour ?? new CarrierBehaviour(), time ?? TimeProvider.System, log);
        CarrierControl.Map(_app, _rooms);
    }

    /// <summary>Where it listens for SMPP, after the start.</summary>
    public IPEndPoint Smpp => _smpp!.IPEndPoint!;

    /// <summary>Its control interface, after the start.</summary>
    public Uri Control => new($"http://{_control!.IPEndPoint}");

    /// <summary>Journal, behaviour and binds, for tests in the same process.</summary>
    public CarrierRooms Rooms => _rooms;

    /// <exception cref="IOException">A port is taken.</exception>
    public Task StartAsync() => _app.StartAsync();

    public async Task StopAsync()
    {
        _rooms.Reading.Set(false);
        await _stopping.CancelAsync();
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        await _rooms.Wheel.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        CarrierBehaviour behaviour = _rooms.Behaviour.Current;
        var options = new SmppSessionOptions
        {
            IsServer = true,
            WindowSize = behaviour.DeliverWindow,
            ResponseTimeout = TimeSpan.FromMilliseconds(behaviour.DeliverTimeoutMs),
            MaxOutgoingBytes = 16 << 20,
        };
        var bind = new CarrierBind(_rooms, Interlocked.Increment(ref _connections), connection.Abort);
        bind.Session = new SmppSession(connection.Transport, options, bind, _rooms.Time, _rooms.Log.Logger)
        {
            RemoteEndPoint = connection.RemoteEndPoint?.ToString(),
            WindowOpened = _rooms.Receipts.Pump,
        };
        bind.Ended(await bind.Session.RunAsync(_stopping.Token));
    }
}
