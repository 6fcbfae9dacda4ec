using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

/// <summary>
/// What a session tells its owner. Everything comes from the read loop, one call at a time, except
/// <see cref="OnOverdue"/>, which comes from the timer. An exception out of any of these ends the session (HandlerError).
/// </summary>
public interface ISmppSessionHandler
{
    /// <summary>
    /// A request of the peer that is allowed in the present state and not the session's own business: binds, messages, raw
    /// requests where the options say so. In wire order. Nothing else is read meanwhile: return quickly and answer later, from any
    /// thread, through <see cref="SmppSession.Respond"/>.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Cancelled when the session ends.</param>
    ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct);

    /// <summary>
    /// The response to a request sent by <see cref="SmppSession.TrySend"/>: the matching one, a generic_nack, or a
    /// <see cref="RawPdu"/> when its body was unreadable. Once for one request; after OnOverdue where both happen.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="request">The request; its slot is free again.</param>
    /// <param name="response">The response.</param>
    void OnResponse(SmppSession session, PendingRequest request, Pdu response);

    /// <summary>
    /// No response in time. Once for one request. Its slot stays taken until a late response (then OnResponse with
    /// <see cref="PendingRequest.Overdue"/>) or the end of the session. Comes from the timer, beside the read loop.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="request">The request.</param>
    void OnOverdue(SmppSession session, PendingRequest request);

    /// <summary>All whole PDUs of one read were dispatched: a chance to flush batches.</summary>
    /// <param name="session">The session.</param>
    void OnBatchRead(SmppSession session);

    /// <summary>A PDU with an unreadable body; the session has already answered it if it was a request.</summary>
    /// <param name="session">The session.</param>
    /// <param name="fault">What was wrong.</param>
    void OnBadPdu(SmppSession session, PduBodyException fault);
}
