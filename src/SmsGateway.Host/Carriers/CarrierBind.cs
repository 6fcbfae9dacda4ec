using System.Buffers;
using Microsoft.AspNetCore.Connections;
using SmsGateway.Host.Operations;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Carriers;

// One bind to one carrier's SMSC, from TCP connect to unbind. It ends; BindKeeper makes the next one.
internal sealed partial class CarrierBind : ISmppSessionHandler, IDisposable
{
    private static readonly TimeSpan LookForAnswers = TimeSpan.FromMilliseconds(50);

    private readonly CarrierConnector _connector;
    private readonly SmppSession _session;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly Lock _order = new();
    private readonly int _mostOverdue;
    private readonly UnansweredSubmits _unanswered;
    private long _pausedUntil;

    /// <param name="connector">Whose bind it is.</param>
    /// <param name="name"><c>carrier@node#n</c>, as attempts carry it.</param>
    /// <param name="type">Transmitter, receiver or both.</param>
    /// <param name="connection">Connected; disposed by whoever made it.</param>
    public CarrierBind(CarrierConnector connector, string name, BindType type, ConnectionContext connection)
    {
        Name = name;
        Type = type;
        _connector = connector;
        _logger = connector.Logger;
        _time = connector.Time;
        _mostOverdue = Math.Max(1, (int)(connector.Options.OverdueShare * connector.Settings.Window));
        _unanswered = new UnansweredSubmits(connector.Options.UnansweredLimit, _time);
        var options = new SmppSessionOptions
        {
            WindowSize = connector.Settings.Window,
            ResponseTimeout = connector.Options.ResponseTimeout,
            EnquireLinkInterval = connector.Options.EnquireLinkInterval,
            InactivityTimeout = connector.Options.InactivityTimeout,
            DeliverUnreadable = true,
            MayWriteRequests = oldest => oldest is not SubmitSlot slot || connector.Lease.MayEmit(slot.Epoch),
        };
        _session = new SmppSession(connection.Transport, options, this, _time, connector.SessionLogger)
        {
            RemoteEndPoint = connection.RemoteEndPoint?.ToString(),
            WindowOpened = connector.SlotFreed,
        };
    }

    public string Name { get; }

    public BindType Type { get; }

    public bool CanSubmit => Type != BindType.Receiver;

    /// <summary>Binds, serves, and returns when the session is over and what it left behind is accounted for.</summary>
    /// <param name="keep">Cancelled when this bind is no longer wanted: it unbinds.</param>
    /// <param name="givenBack">Cancelled when another node is to have its place: it takes nothing more, and unbinds when its answers are in.</param>
    /// <param name="abort">Cancelled when there is no time left: it closes.</param>
    /// <returns>Whether it was ever bound.</returns>
    public async Task<bool> RunAsync(CancellationToken keep, CancellationToken givenBack, CancellationToken abort)
    {
        var running = _session.RunAsync(abort);
        var isBound = await BindAsync(keep).ConfigureAwait(false);
        if (!isBound)
        {
            await running.ConfigureAwait(false);
            return false;
        }

        using (_connector.Binds.Add(Listing()))
        {
            _connector.Up(this);
            await ServedAsync(running, keep, givenBack).ConfigureAwait(false);
            if (!running.IsCompleted)
            {
                await _session.UnbindAsync(abort).ConfigureAwait(false);
            }

            var end = await running.ConfigureAwait(false);
            _connector.Down(this);
            Settle(end);
        }

        return true;
    }

    public void Dispose() => _unanswered.Dispose();

    public bool TryReserveSlot(long now) => now >= Volatile.Read(ref _pausedUntil) && _session.TryReserve();

    /// <summary>Whether <see cref="TryReserveSlot"/> would find a place now.</summary>
    public bool HasFreeSlot(long now) => now >= Volatile.Read(ref _pausedUntil) && _session.FreeWindow > 0;

    public void ReleaseSlot() => _session.ReleaseReservation();

    /// <summary>Timestamp ticks until the throttle pause is over; 0 = not paused.</summary>
    public long TicksPaused(long now) => Volatile.Read(ref _pausedUntil) is var until && until > now ? until - now : 0;

    /// <summary>Writes the segment of a reserved slot; its attempt is committed. Not sent when its epoch is over.</summary>
    public void Submit(SubmitSlot slot)
    {
        bool sent;
        var faulty = false;
        try
        {
            sent = TrySend(slot, SubmitWriter.Write(slot.Segment, _connector.Settings.Quirks, _time.GetUtcNow()));
        }
        catch (ArgumentException error)
        {
            Unwritable(_logger, Name, error.Message);
            sent = false;
            faulty = true;
        }

        if (sent)
        {
            _connector.Metrics.Submitted(_connector.Name);
        }
        else
        {
            _connector.Answers.NotSent(slot, countsAsFailure: faulty);
        }
    }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (request is DeliverSm deliver)
        {
            return _connector.Inbound.TakeAsync(session, deliver, _scratch);
        }

        if (request is RawPdu { CommandId: CommandId.DeliverSm } unreadable)
        {
            return _connector.Inbound.ParkUnreadableAsync(session, unreadable);
        }

        session.Respond(request, Refusal.Of(request.CommandId, CommandStatus.InvalidCommandId));
        return default;
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response)
    {
        if (request.Context is not SubmitSlot slot)
        {
            return;
        }

        if (request.Overdue)
        {
            _unanswered.Remove(request);
        }

        if (slot.Epoch != _connector.Lease.Epoch)
        {
            _connector.Metrics.DoubtEnded(_connector.Name, "answer"); // its epoch is gone: it was in doubt until now
        }

        var status = _connector.Answers.Answered(slot, response, _time.GetElapsedTime(request.SentTimestamp), request.Overdue);
        if (status == CommandStatus.Throttled)
        {
            var pause = (long)(_connector.Options.ThrottlePause.TotalSeconds * _time.TimestampFrequency);
            Volatile.Write(ref _pausedUntil, _time.GetTimestamp() + pause);
        }
    }

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
        _connector.Answers.Overdue();
        if (_unanswered.Add(request) == _mostOverdue)
        {
            TooManyOverdue(_logger, Name, _mostOverdue);
            session.Close(SessionEndReason.Stopped);
        }
    }

    public void OnBatchRead(SmppSession session)
    {
    }

    public void OnBadPdu(SmppSession session, PduBodyException fault)
    {
    }

    // Nothing of an epoch is queued behind what belongs to a later one: the writer asks for the oldest of a batch only.
    private bool TrySend(SubmitSlot slot, SubmitSm submit)
    {
        lock (_order)
        {
            if (_connector.Lease.MayEmit(slot.Epoch))
            {
                return _session.TrySend(submit, slot, reserved: true);
            }
        }

        _session.ReleaseReservation();
        return false;
    }

    private async Task<bool> BindAsync(CancellationToken keep)
    {
        try
        {
            var settings = _connector.Settings;
            var request = new BindRequest { Type = Type, SystemId = settings.SystemId, Password = settings.Password, SystemType = settings.SystemType };
            var response = await _session.RequestAsync(request, keep).ConfigureAwait(false);
            if (response.Status == CommandStatus.Ok && response is BindResponse)
            {
                return true;
            }

            Refused(_logger, Name, (uint)response.Status);
            _session.Close(SessionEndReason.BindRefused);
        }
        catch (Exception error) when (error is TimeoutException or SessionEndedException or OperationCanceledException)
        {
            if (!keep.IsCancellationRequested)
            {
                NotBound(_logger, Name, error.Message);
            }

            _session.Close(SessionEndReason.Stopped);
        }

        return false;
    }

    private async Task ServedAsync(Task running, CancellationToken keep, CancellationToken givenBack)
    {
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(keep, givenBack, _unanswered.GivenUp);
        await EndedOrUnwantedAsync(running, unwanted.Token).ConfigureAwait(false);
        if (running.IsCompleted)
        {
            return;
        }

        if (givenBack.IsCancellationRequested)
        {
            _connector.Down(this);
            await AnsweredAsync(running, countOverdue: true, _connector.Options.RestartTimeout, keep).ConfigureAwait(false);
        }
        else if (_unanswered.GivenUp.IsCancellationRequested)
        {
            // It takes nothing more, and what it is still owed an answer to keeps its time: no other submit comes into doubt.
            NoAnswer(_logger, Name, _unanswered.Count, _connector.Options.UnansweredLimit);
            _connector.Down(this);
            await AnsweredAsync(running, countOverdue: false, _connector.Options.ResponseTimeout, keep).ConfigureAwait(false);
        }
    }

    // Returns when no slot is taken or reserved (or only by what is overdue), when the session has ended, or when the time is up.
    private async Task AnsweredAsync(Task running, bool countOverdue, TimeSpan most, CancellationToken keep)
    {
        using var limit = new CancellationTokenSource(most, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, keep);
        using var timer = new PeriodicTimer(LookForAnswers, _time);
        try
        {
            while (_session.FreeWindow + (countOverdue ? 0 : _unanswered.Count) < _connector.Settings.Window && !running.IsCompleted)
            {
                await timer.WaitForNextTickAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What is unanswered is in doubt.
        }
    }

    private static async Task EndedOrUnwantedAsync(Task running, CancellationToken keep)
    {
        var unwanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (keep.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), unwanted))
        {
            await Task.WhenAny(running, unwanted.Task).ConfigureAwait(false);
        }
    }

    // What never reached the transport is not in doubt; the rest is, and stays an open attempt.
    private void Settle(SessionEnd end)
    {
        var inDoubt = 0;
        var notSent = 0;
        foreach (var lost in end.Lost)
        {
            if (lost.Context is not SubmitSlot slot)
            {
                continue;
            }

            if (lost.ReachedTransport)
            {
                inDoubt++;
                _connector.Answers.InDoubt();
            }
            else
            {
                notSent++;
                _connector.Answers.NotSent(slot, countsAsFailure: false);
            }
        }

        var expected = end.Reason is SessionEndReason.Unbound or SessionEndReason.PeerUnbound && inDoubt == 0;
        Ended(_logger, expected ? LogLevel.Information : LogLevel.Warning, Name, end.Reason, inDoubt, notSent, end.Cause?.Message);
    }

    private BindListing Listing() => new()
    {
        Name = Name,
        Side = BindSide.Carrier,
        Party = _connector.Name,
        Type = Type switch { BindType.Transmitter => "TX", BindType.Receiver => "RX", _ => "TRX" },
        Remote = _session.RemoteEndPoint ?? "",
        Since = _time.GetUtcNow(),
        Window = _connector.Settings.Window,
        Outstanding = () => _session.Outstanding,
        IncomingOutstanding = () => _session.IncomingOutstanding,
    };

    [LoggerMessage(EventId = 3101, Message = "Bind {Bind} ended ({Reason}); {InDoubt} submits in doubt, {NotSent} not sent; {Cause}")]
    private static partial void Ended(ILogger logger, LogLevel level, string bind, SessionEndReason reason, int inDoubt, int notSent, string? cause);

    [LoggerMessage(3102, LogLevel.Warning, "Bind {Bind} was refused with status 0x{Status:X}")]
    private static partial void Refused(ILogger logger, string bind, uint status);

    [LoggerMessage(3103, LogLevel.Warning, "Bind {Bind} was not made: {Reason}")]
    private static partial void NotBound(ILogger logger, string bind, string reason);

    [LoggerMessage(3104, LogLevel.Warning, "Bind {Bind} is closed: {Overdue} submits are overdue")]
    private static partial void TooManyOverdue(ILogger logger, string bind, int overdue);

    [LoggerMessage(3105, LogLevel.Error, "Bind {Bind} cannot write a segment as submit_sm: {Reason}")]
    private static partial void Unwritable(ILogger logger, string bind, string reason);

    [LoggerMessage(3106, LogLevel.Warning, "Bind {Bind} is made anew: {Count} submits are overdue, the oldest has had no answer for {Limit}")]
    private static partial void NoAnswer(ILogger logger, string bind, int count, TimeSpan limit);

    // Next free id of CarrierBind: 3107.
}
