using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

/// <summary>One SMPP session over one connection, on either side of it: framing, numbering, window, timers, orderly ends.</summary>
public sealed partial class SmppSession
{
    /// <summary>Makes a session; nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="transport">The connection. The session completes both of its pipes at its end; whoever made it disposes it.</param>
    /// <param name="options">Limits and timers.</param>
    /// <param name="handler">Whom to tell.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    public SmppSession(IDuplexPipe transport, SmppSessionOptions options, ISmppSessionHandler handler, TimeProvider time, ILogger logger)
    {
    }

    /// <summary>Where the session stands.</summary>
    public SessionState State => throw new NotImplementedException();

    /// <summary>The peer's address for logs; set by the owner.</summary>
    public string? RemoteEndPoint { get; set; }

    /// <summary>Whatever the owner wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>Called when a slot became free, at most once per read; from the read loop. Set by the owner before it sends.</summary>
    public Action? WindowOpened { get; set; }

    /// <summary>Slots of the window that are neither taken nor reserved.</summary>
    public int FreeWindow => throw new NotImplementedException();

    /// <summary>Requests sent by <see cref="TrySend"/> without a response, overdue ones too.</summary>
    public int Outstanding => throw new NotImplementedException();

    /// <summary>Requests given to the handler and not yet answered.</summary>
    public int IncomingOutstanding => throw new NotImplementedException();

    /// <summary>Responses that answered nothing of ours.</summary>
    public long UnmatchedResponses => throw new NotImplementedException();

    /// <summary>
    /// Server side: moves from Open to a bound state. Call it before the bind response is given to <see cref="Respond"/>, so that
    /// nothing can be refused after the peer knows. A client session does this itself when the response comes in.
    /// </summary>
    /// <param name="state">One of the three bound states.</param>
    public void SetBound(SessionState state) => throw new NotImplementedException();

    /// <summary>Runs the session. Completes only after all of it has stopped.</summary>
    /// <param name="stopping">Ends it with <see cref="SessionEndReason.Stopped"/>; queued octets are still flushed.</param>
    /// <returns>Why it ended, and every request left without a response.</returns>
    public Task<SessionEnd> RunAsync(CancellationToken stopping) => throw new NotImplementedException();

    /// <summary>Reserves a slot of the window, to be used by one <see cref="TrySend"/> or given back.</summary>
    /// <returns>False when the window is full or the session is not bound.</returns>
    public bool TryReserve() => throw new NotImplementedException();

    /// <summary>Gives back a slot taken by <see cref="TryReserve"/>.</summary>
    public void ReleaseReservation() => throw new NotImplementedException();

    /// <summary>Sends a request through the window.</summary>
    /// <param name="request">The request; gets a number of its own.</param>
    /// <param name="context">Comes back with the response.</param>
    /// <param name="reserved">True to use up a reservation; it is used up even when this returns false.</param>
    /// <returns>False when the session is not bound, the window is full or too much waits to be written: then no octet was queued.</returns>
    /// <exception cref="ArgumentException">The request cannot be encoded; no octet was queued.</exception>
    public bool TrySend(Pdu request, object? context, bool reserved = false) => throw new NotImplementedException();

    /// <summary>Sends a request beside the window and waits for its response: bind, unbind, enquire_link. The handler does not see it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">Gives up the wait, not the request.</param>
    /// <exception cref="TimeoutException">No response within <see cref="SmppSessionOptions.ResponseTimeout"/>.</exception>
    /// <exception cref="SessionEndedException">The session ended first.</exception>
    public ValueTask<Pdu> RequestAsync(Pdu request, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Answers a request that the handler was given; any thread, any order, once. Nothing happens on a closed session.</summary>
    /// <param name="request">The request; gives the sequence number.</param>
    /// <param name="response">The response; its own Sequence says nothing.</param>
    /// <exception cref="ArgumentException">The response cannot be encoded; no octet was queued.</exception>
    public void Respond(Pdu request, Pdu response) => throw new NotImplementedException();

    /// <summary>Ends the session in order: unbind, its response or the response timer, close. Returns after the close, before RunAsync does.</summary>
    /// <param name="ct">Closes at once.</param>
    public Task UnbindAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Ends the session. The first reason wins. What is queued is still written, for at most
    /// <see cref="SmppSessionOptions.LingerTimeout"/>, unless the reason says that the peer is gone or not reading.
    /// </summary>
    /// <param name="reason">Why.</param>
    public void Close(SessionEndReason reason) => throw new NotImplementedException();
}
