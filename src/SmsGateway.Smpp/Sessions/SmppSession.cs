using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

/// <summary>One SMPP session over one connection, on either side of it: framing, numbering, window, timers, orderly ends.</summary>
/// <remarks>
/// Three loops, owned by <see cref="RunAsync"/>: one reads and tells the handler, one writes, one looks at the timers. Everything
/// public is safe from any thread. One lock guards state, window and outgoing lanes; no foreign code runs under it.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync ends only when it has disposed them.")]
public sealed partial class SmppSession
{
    private readonly IDuplexPipe _transport;
    private readonly SmppSessionOptions _options;
    private readonly ISmppSessionHandler _handler;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly Lock _gate = new();
    private readonly RequestWindow _window;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _endedToken;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SessionState _state;
    private SessionState _boundAs;
    private SessionEndReason? _endReason;
    private Exception? _endCause;
    private bool _bindUnanswered;
    private int _incoming;

    /// <summary>Makes a session; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="transport">The connection. The session completes both of its pipes at its end; whoever made it disposes it.</param>
    /// <param name="options">Limits and timers.</param>
    /// <param name="handler">Whom to tell.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    public SmppSession(IDuplexPipe transport, SmppSessionOptions options, ISmppSessionHandler handler, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _transport = transport;
        _options = options;
        _handler = handler;
        _time = time;
        _logger = logger;
        _endedToken = _ended.Token;
        _started = _lastHeard = time.GetTimestamp();
        _window = new RequestWindow(options.WindowSize);
        _responses = new OutgoingLane(options.MaxOutgoingBytes);
        _requests = new OutgoingLane(options.MaxOutgoingBytes);
        _ticks = new PeriodicTimer(FirstLook(options), time);
    }

    /// <summary>Where the session stands.</summary>
    public SessionState State => _state;

    /// <summary>The peer's address for logs; set by the owner.</summary>
    public string? RemoteEndPoint { get; set; }

    /// <summary>Whatever the owner wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>Called when a slot became free, at most once per read; from the read loop. Set by the owner before it sends.</summary>
    public Action? WindowOpened { get; set; }

    /// <summary>Slots of the window that are neither taken nor reserved.</summary>
    public int FreeWindow
    {
        get
        {
            lock (_gate)
                return _window.Free;
        }
    }

    /// <summary>Requests sent by <see cref="TrySend"/> without a response, overdue ones too.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
                return _window.Outstanding;
        }
    }

    /// <summary>Requests given to the handler and not yet answered.</summary>
    public int IncomingOutstanding => Volatile.Read(ref _incoming);

    /// <summary>Responses that answered nothing of ours.</summary>
    public long UnmatchedResponses => Volatile.Read(ref _unmatched);

    /// <summary>Runs the session. Call it once. Completes only after all of it has stopped.</summary>
    /// <param name="stopping">Ends it with <see cref="SessionEndReason.Stopped"/>; queued octets are still flushed.</param>
    /// <returns>Why it ended, and every request left without a response.</returns>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        using var stop = stopping.UnsafeRegister(static session => ((SmppSession)session!).Close(SessionEndReason.Stopped), this);
        var writing = WriteLoopAsync();
        var ticking = TickLoopAsync();
        await ReadLoopAsync();
        await LingerAsync(writing);
        await ticking;
        await _closed.Task;
        await CompleteTransportAsync();
        _ended.Dispose();
        var end = new SessionEnd(_endReason!.Value, _endCause, TakeLost());
        SessionEnded(RemoteEndPoint, end.Reason, end.Lost.Count, end.Cause);
        return end;
    }

    /// <summary>
    /// Server side: moves from Open to a bound state. Call it before the bind response is given to <see cref="Respond"/>, so that
    /// nothing can be refused after the peer knows. A client session does this itself when the response comes in.
    /// </summary>
    /// <param name="state">One of the three bound states.</param>
    /// <exception cref="InvalidOperationException">The session is bound already.</exception>
    public void SetBound(SessionState state)
    {
        if (!Permissions.IsBound(state))
            throw new ArgumentOutOfRangeException(nameof(state), state, "not a bound state");
        lock (_gate)
        {
            if (_state == SessionState.Closed)
                return;
            if (_state != SessionState.Open)
                throw new InvalidOperationException($"the session is {_state} already");
            _state = _boundAs = state;
        }
    }

    /// <summary>
    /// Ends the session in order: unbind, its response or the response timer, what the handler still owes the peer (for at most
    /// <see cref="SmppSessionOptions.LingerTimeout"/>), close. The peer's requests are taken until its response. Returns after the close, before
    /// RunAsync does.
    /// </summary>
    /// <param name="ct">Closes at once.</param>
    public async Task UnbindAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (Permissions.IsBound(_state))
                _state = SessionState.Unbinding;
        }

        try
        {
            if (_state == SessionState.Unbinding && await RequestAsync(new Unbind(), ct) is UnbindResp)
                await _closed.Task.WaitAsync(ct);
        }
        catch (Exception e) when (e is TimeoutException or SessionEndedException or OperationCanceledException)
        {
            // However the peer takes it, we leave.
        }

        Close(SessionEndReason.Unbound);
    }

    /// <summary>
    /// Ends the session. The first reason wins. What is queued is still written, for at most
    /// <see cref="SmppSessionOptions.LingerTimeout"/>, unless the reason says that the peer is gone or not reading.
    /// </summary>
    /// <param name="reason">Why.</param>
    public void Close(SessionEndReason reason) => Close(reason, null);

    private static TimeSpan FirstLook(SmppSessionOptions options)
    {
        var shortest = new SessionTimers(options).Shortest;
        return shortest < options.TickInterval ? options.TickInterval : shortest;
    }

    private void Close(SessionEndReason reason, Exception? cause)
    {
        lock (_gate)
        {
            if (_endReason is not null)
                return;
            _endReason = reason;
            _endCause = cause;
            _state = SessionState.Closed;
            WakeWriter();
        }

        try
        {
            _transport.Input.CancelPendingRead();
            if (IsAbrupt(reason))
                _transport.Output.CancelPendingFlush();
            _ticks.Dispose();
            _ended.Cancel();
        }
        finally
        {
            _closed.TrySetResult();
        }
    }

    private static bool IsAbrupt(SessionEndReason? reason) => reason is SessionEndReason.OutgoingFull
        or SessionEndReason.EnquireLinkTimeout or SessionEndReason.Inactivity or SessionEndReason.TransportError;

    // Runs when all loops have ended.
    private List<PendingRequest> TakeLost()
    {
        List<PendingRequest> lost;
        lock (_gate)
            lost = _window.TakeAll();
        foreach (var pending in lost)
        {
            pending.ReachedTransport = pending.QueuedAt <= _requestOctetsTaken;
            pending.Waiter?.TrySetException(new SessionEndedException(_endReason!.Value, _endCause));
        }

        lost.RemoveAll(static pending => !pending.InWindow);
        return lost;
    }
}
