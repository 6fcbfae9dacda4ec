namespace SmsGateway.Smpp.Sessions;

/// <summary>Why a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>The peer closed the connection between two PDUs.</summary>
    PeerClosed,

    /// <summary>The peer sent unbind and was answered.</summary>
    PeerUnbound,

    /// <summary>We sent unbind; it was answered, or not in time.</summary>
    Unbound,

    /// <summary>The connection ended in the middle of a PDU.</summary>
    Truncated,

    /// <summary>A command_length that cannot be; often not SMPP at all.</summary>
    BadLength,

    /// <summary>No bind within <see cref="SmppSessionOptions.BindTimeout"/>.</summary>
    BindTimeout,

    /// <summary>The bind was refused, and the owner closes.</summary>
    BindRefused,

    /// <summary>The peer was silent after an enquire_link.</summary>
    EnquireLinkTimeout,

    /// <summary>Nothing came from the peer for <see cref="SmppSessionOptions.InactivityTimeout"/>.</summary>
    Inactivity,

    /// <summary>The token of <see cref="SmppSession.RunAsync"/> was cancelled, or the owner closes for its own reasons.</summary>
    Stopped,

    /// <summary>Reading or writing failed; the cause is with the end.</summary>
    TransportError,

    /// <summary>The handler threw; the cause is with the end.</summary>
    HandlerError,

    /// <summary>The peer sends and does not read: our answers outgrew <see cref="SmppSessionOptions.MaxOutgoingBytes"/>.</summary>
    OutgoingFull,

    /// <summary><see cref="SmppSessionOptions.MayWriteRequests"/> said no. What was to be written is lost without having reached the transport.</summary>
    Fenced,
}

/// <summary>How a session ended, and what it leaves behind.</summary>
/// <param name="Reason">The first reason that was given; later ones do not count.</param>
/// <param name="Cause">The exception behind it, if there was one.</param>
/// <param name="Lost">Every request sent by <see cref="SmppSession.TrySend"/> that has no response, overdue ones too, in order of sending.</param>
public sealed record SessionEnd(SessionEndReason Reason, Exception? Cause, IReadOnlyList<PendingRequest> Lost);
