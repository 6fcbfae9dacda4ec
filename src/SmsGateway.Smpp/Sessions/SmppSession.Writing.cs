using System.Buffers;
using System.IO.Pipelines;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

// Outgoing: two lanes filled under the lock, emptied by one loop with one flush. A batch is what was queued while the last flush
// was under way; responses go ahead of requests.
public sealed partial class SmppSession
{
    private readonly SemaphoreSlim _wake = new(0);
    private OutgoingLane _responses;
    private OutgoingLane _requests;
    private bool _writerWoken;
    private bool _corked;
    private long _requestOctetsQueued;
    private long _responseOctetsQueued;
    private long _responseOctetsTaken;
    private long _responseOctetsWritten;
    private long _requestOctetsTaken;
    private bool _octetsLeftInPipe;
    private bool _windowedQueued;
    private object? _oldestContext;
    private bool _fenced;

    /// <summary>Reserves a slot of the window, to be used by one <see cref="TrySend"/> or given back.</summary>
    /// <returns>False when the window is full or the session is not bound.</returns>
    public bool TryReserve()
    {
        lock (_gate)
            return Permissions.IsBound(_state) && _window.TryReserve();
    }

    /// <summary>Gives back a slot taken by <see cref="TryReserve"/>.</summary>
    public void ReleaseReservation()
    {
        lock (_gate)
            _window.Release();
    }

    /// <summary>Sends a request through the window.</summary>
    /// <param name="request">The request; gets a number of its own.</param>
    /// <param name="context">Comes back with the response.</param>
    /// <param name="reserved">True to use up a reservation; it is used up even when this returns false or throws.</param>
    /// <returns>False when the session is not bound, the window is full or too much waits to be written: then no octet was queued.</returns>
    /// <exception cref="ArgumentException">The request cannot be encoded; no octet was queued.</exception>
    public bool TrySend(Pdu request, object? context, bool reserved = false)
    {
        lock (_gate)
        {
            if (reserved)
                _window.Release();
            return Permissions.IsBound(_state) && _window.Free > 0 && TryQueue(request, context, waiter: null);
        }
    }

    /// <summary>Sends a request beside the window and waits for its response: bind, unbind, enquire_link. The handler does not see it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">Gives up the wait, not the request.</param>
    /// <exception cref="TimeoutException">No response within <see cref="SmppSessionOptions.ResponseTimeout"/>.</exception>
    /// <exception cref="SessionEndedException">The session ended first, or its outgoing lane is full.</exception>
    public async ValueTask<Pdu> RequestAsync(Pdu request, CancellationToken ct)
    {
        var waiter = new TaskCompletionSource<Pdu>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_state == SessionState.Closed || !TryQueue(request, context: null, waiter))
                throw new SessionEndedException(_endReason ?? SessionEndReason.OutgoingFull, _endCause);
        }

        return await waiter.Task.WaitAsync(ct);
    }

    /// <summary>Answers a request that the handler was given; any thread, any order, once. Nothing happens on a closed session.</summary>
    /// <param name="request">The request; gives the sequence number.</param>
    /// <param name="response">The response; its own Sequence says nothing.</param>
    /// <exception cref="ArgumentException">The response cannot be encoded; no octet was queued.</exception>
    public void Respond(Pdu request, Pdu response)
    {
        ArgumentNullException.ThrowIfNull(request);
        Answer(request.Sequence, response, ofHandler: true);
    }

    /// <summary>As <see cref="Respond"/>, for whom it matters whether the answer left.</summary>
    /// <returns>For <see cref="HasWritten"/>.</returns>
    public long RespondMarked(Pdu request, Pdu response)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Answer(request.Sequence, response, ofHandler: true);
    }

    /// <summary>Whether the answer of this mark was taken by the transport: what a flush of the connection returned for. It may still wait there for a peer that does not read.</summary>
    public bool HasWritten(long mark) => Volatile.Read(ref _responseOctetsWritten) >= mark;

    private long Answer(uint sequence, Pdu response, bool ofHandler)
    {
        bool full;
        bool nothingOwed;
        long mark;
        lock (_gate)
        {
            if (_state == SessionState.Closed)
                return long.MaxValue;
            var before = _responses.Length;
            full = !_responses.TryAdd(response, sequence);
            _responseOctetsQueued += _responses.Length - before;
            mark = full ? long.MaxValue : _responseOctetsQueued;
            if (response is BindResponse)
                _bindUnanswered = false;

            // Before the writer can be woken: a peer that has the answer may ask again at once, and would be counted twice.
            nothingOwed = !full && ofHandler && Interlocked.Decrement(ref _incoming) == 0;
            WakeWriter();
        }

        if (full)
            Close(SessionEndReason.OutgoingFull);
        else if (nothingOwed)
            OnNothingOwed();
        return mark;
    }

    private void OnNothingOwed()
    {
        if (Volatile.Read(ref _peerUnbind) is not null)
            FollowUnbindIfDue();
        else if (Volatile.Read(ref _unbindAnswered))
            CloseUnboundIfDue();
    }

    // Under the lock.
    private bool TryQueue(Pdu request, object? context, TaskCompletionSource<Pdu>? waiter)
    {
        var sequence = _window.NextSequence();
        var before = _requests.Length;
        if (!_requests.TryAdd(request, sequence))
            return false;
        _requestOctetsQueued += _requests.Length - before;
        if (waiter is null && !_windowedQueued)
            (_windowedQueued, _oldestContext) = (true, context);
        _window.Add(new PendingRequest(request, context, sequence, _time.GetTimestamp())
        {
            QueuedAt = _requestOctetsQueued,
            InWindow = waiter is null,
            Waiter = waiter,
        });
        WakeWriter();
        return true;
    }

    // Under the lock. Corked while the read loop dispatches, so that answers given on the spot leave together.
    private void WakeWriter()
    {
        if (_writerWoken || (_corked && _state != SessionState.Closed))
            return;
        _writerWoken = true;
        _wake.Release();
    }

    private void Cork()
    {
        lock (_gate)
            _corked = true;
    }

    private void Uncork()
    {
        lock (_gate)
        {
            _corked = false;
            if (_responses.Length + _requests.Length > 0)
                WakeWriter();
        }
    }

    private async Task WriteLoopAsync()
    {
        var output = _transport.Output;
        try
        {
            while (true)
            {
                await _wake.WaitAsync(CancellationToken.None);
                var closed = Write(output);
                _octetsLeftInPipe = true;
                var flush = await output.FlushAsync(CancellationToken.None);
                _octetsLeftInPipe = flush.IsCanceled;
                if (flush is { IsCanceled: false, IsCompleted: false })
                    Volatile.Write(ref _responseOctetsWritten, _responseOctetsTaken);
                if (flush.IsCompleted)
                    Close(SessionEndReason.PeerClosed);
                if (closed || flush.IsCanceled || flush.IsCompleted)
                    return;
            }
        }
        catch (Exception e)
        {
            Close(SessionEndReason.TransportError, e);
        }
    }

    // True when this was the last batch: the session is closed, and nothing is queued after that.
    private bool Write(PipeWriter output)
    {
        ArraySegment<byte> responses, requests;
        bool closed, windowed;
        object? oldest;
        long queued;
        lock (_gate)
        {
            _writerWoken = false;
            closed = _state == SessionState.Closed;
            if (closed && IsAbrupt(_endReason))
                return true;
            responses = _responses.Take();
            requests = _requests.Take();
            (windowed, oldest) = (_windowedQueued, _oldestContext);
            (_windowedQueued, _oldestContext) = (false, null);
            queued = _requestOctetsQueued;
            _responseOctetsTaken = _responseOctetsQueued;
        }

        Write(output, responses);
        if (IsFenced(windowed, oldest))
        {
            Drop(requests);
            Close(SessionEndReason.Fenced);
            return closed;
        }

        _requestOctetsTaken = queued;
        Write(output, requests);
        return closed;
    }

    // Asked as late as can be, and for the session once and for all: what is queued behind a refused batch must not be written either.
    private bool IsFenced(bool windowed, object? oldest)
    {
        if (windowed && !_fenced && _options.MayWriteRequests is { } mayWrite)
            _fenced = !mayWrite(oldest);
        return _fenced;
    }

    private static void Write(PipeWriter output, ArraySegment<byte> octets)
    {
        if (octets.Array is null)
            return;
        output.Write(octets);
        Drop(octets);
    }

    private static void Drop(ArraySegment<byte> octets)
    {
        if (octets.Array is not null)
            ArrayPool<byte>.Shared.Return(octets.Array);
    }

    // The last batch may wait for the peer, but not for ever.
    private async Task LingerAsync(Task writing)
    {
        static void GiveUp(object? output) => ((PipeWriter)output!).CancelPendingFlush();
        await using (_time.CreateTimer(GiveUp, _transport.Output, _options.LingerTimeout, Timeout.InfiniteTimeSpan))
            await writing;
    }

    // With octets that the peer does not take, an orderly completion of a stream's pipe would wait for it again.
    private async ValueTask CompleteTransportAsync()
    {
        try
        {
            await _transport.Output.CompleteAsync(_octetsLeftInPipe ? _endCause ?? new IOException("the peer does not read") : null);
            await _transport.Input.CompleteAsync();
        }
        catch (Exception e)
        {
            TransportUncompleted(RemoteEndPoint, e);
        }
    }
}
