using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// The SMPP server towards customers: every connection runs in here, from accept to close. When the node stops or leaves mode hot every client is
// asked to go, each in its own time (EsmeSession.GoAsync); the stop order waits for that.
internal sealed class EsmeServer : IDisposable
{
    /// <summary>After the time to unbind is over: for octets that the peers still take.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(6);
    private readonly EsmeFlow _flow;
    private readonly EsmeBinds _binds;
    private readonly EsmeLoad _load = new();
    private readonly BindDirectory _directory;
    private readonly CredentialCheck _credentials;
    private readonly ConfigurationState _configuration;
    private readonly HostMetrics _metrics;
    private readonly SmppOptions _options;
    private readonly SmppSessionOptions _session;
    private readonly TimeProvider _time;
    private readonly EsmeLog _log;
    private readonly ILogger _sessionLog;
    private readonly UnboundPeers _unbound;
    private readonly ConcurrentDictionary<EsmeSession, SmppSession> _connections = new();
    private readonly CancellationTokenSource _closeNow = new();
    private readonly IDisposable _following;
    private volatile bool _stopping;

    public EsmeServer(
        EsmeFlow flow,
        BindDirectory directory,
        CredentialCheck credentials,
        ConfigurationState configuration,
        HostMetrics metrics,
        IOptions<SmppOptions> options,
        TimeProvider time,
        ILoggerFactory logs)
    {
        _options = options.Value;
        _session = SessionOptions(_options);
        _flow = flow with { Accepts = () => !_stopping && flow.Accepts() };
        _binds = new EsmeBinds(_flow, _load.Deliveries, configuration);
        _directory = directory;
        _credentials = credentials;
        _configuration = configuration;
        _metrics = metrics;
        _time = time;
        _log = new EsmeLog(logs.CreateLogger<EsmeServer>(), time);
        _sessionLog = new GatedLogger(logs.CreateLogger<SmppSession>(), time);
        _unbound = new UnboundPeers(_options.MaxUnboundPerAddress);
        metrics.Observe("smsgateway.smpp.connections", "Connections of customers, bound or not", () => _load.Connections.Count);
        metrics.Observe("smsgateway.smpp.binds", "Binds of customers", () => _binds.Count);
        metrics.Observe("smsgateway.smpp.submits_in_flight", "submit_sm read and not yet answered", () => _load.Submits.Count);
        metrics.Observe("smsgateway.smpp.deliveries_in_flight", "deliver_sm offered and not yet answered", () => _load.Deliveries.Count);
        _following = configuration.Follow(DropDisabled);
        flow.Follow(FollowStance);
    }

    /// <summary>Accounts that have a receiving bind here.</summary>
    public IEnumerable<string> ReachedAccounts => _binds.Reached;

    public int Connections => _load.Connections.Count;

    /// <summary>Runs one connection; completes when all of it is over.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!_load.Connections.TryEnter(_options.MaxConnections))
        {
            _log.ConnectionRefused(connection.RemoteEndPoint, "Smpp:MaxConnections is reached");
            connection.Abort();
            return;
        }

        try
        {
            using var unbound = _unbound.TryEnter(address);
            if (unbound is null)
            {
                _log.ConnectionRefused(connection.RemoteEndPoint, "Smpp:MaxUnboundPerAddress is reached");
                connection.Abort();
                return;
            }

            await RunAsync(connection, unbound);
        }
        finally
        {
            _load.Connections.Exit();
        }
    }

    /// <summary>Takes no binds any more and asks every client to go, as far as that has not been done; waits until all are gone.</summary>
    /// <param name="timeout">Who is still here then is closed at once.</param>
    /// <returns>False when a connection was still open at the end.</returns>
    public async Task<bool> UnbindAllAsync(TimeSpan timeout)
    {
        _stopping = true;
        SendAway();
        if (await _load.Connections.WhenNoneAsync(timeout, _time))
        {
            return true;
        }

        await _closeNow.CancelAsync();
        return await _load.Connections.WhenNoneAsync(CloseTimeout, _time);
    }

    public void Dispose()
    {
        _following.Dispose();
        _closeNow.Dispose();
    }

    private async Task RunAsync(ConnectionContext connection, IDisposable unbound)
    {
        var esme = new EsmeSession(
            _flow, _binds, _load, _directory, _credentials, _configuration, _metrics, _options, _time, _log, unbound);
        var session = new SmppSession(connection.Transport, _session, esme, _time, _sessionLog)
        {
            RemoteEndPoint = connection.RemoteEndPoint?.ToString(),
        };
        var asked = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var closing = asked.UnsafeRegister(static esme => ((EsmeSession)esme!).Leave(), esme);
        _connections.TryAdd(esme, session);
        try
        {
            var running = session.RunAsync(CancellationToken.None);
            if (await Task.WhenAny(running, esme.LeaveAsked) != running)
            {
                await esme.GoAsync(session, running, _closeNow.Token);
            }

            esme.Ended(session, await running);
        }
        finally
        {
            _connections.TryRemove(esme, out _);
        }
    }

    // A connection that is not in the list yet finds out when it wants to bind.
    private void FollowStance()
    {
        if (!_flow.Accepts())
        {
            SendAway();
        }
    }

    private void SendAway()
    {
        foreach (var esme in _connections.Keys)
        {
            esme.Leave();
        }
    }

    // Called with each new configuration; binds of accounts that may not be here any more are asked to go.
    private void DropDisabled(ConfigurationSnapshot snapshot)
    {
        foreach (var (esme, session) in _connections)
        {
            if (esme.Account is { } name && !(snapshot.Accounts.TryGetValue(name, out var account) && account is { Enabled: true, Smpp.Enabled: true }))
            {
                _log.Dropped(name, session.RemoteEndPoint);
                esme.Leave();
            }
        }
    }

    // The window is the account's and counted by EsmeBind; the session's own must not be narrower.
    private static SmppSessionOptions SessionOptions(SmppOptions options) => new()
    {
        IsServer = true,
        MaxPduLength = options.MaxPduLength,
        WindowSize = 100_000,
        BindTimeout = options.BindTimeout,
        EnquireLinkInterval = options.EnquireLinkInterval,
        EnquireLinkTimeout = options.ResponseTimeout,
        InactivityTimeout = options.InactivityTimeout,
        ResponseTimeout = options.ResponseTimeout,
    };
}
