using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Smpp.Sessions;

/// <summary>Limits and timers of one session. SMPP 3.4 names the timers (7.2) and gives no values. Shared by sessions: do not change later.</summary>
public sealed class SmppSessionOptions
{
    /// <summary>True on the side that is bound to (SMSC); false on the side that binds (ESME).</summary>
    public bool IsServer { get; set; }

    /// <summary>The most octets of one PDU, 16 and up; message_payload alone may have 65,535. Default 66,000.</summary>
    [Range(16, 1 << 20)]
    public int MaxPduLength { get; set; } = 66_000;

    /// <summary>
    /// Requests of ours that may be unanswered, overdue ones too. Default 10, what carriers usually allow; more than a carrier
    /// allows gets binds dropped.
    /// </summary>
    [Range(1, 100_000)]
    public int WindowSize { get; set; } = 10;

    /// <summary>From the start of the session to its bind (session_init_timer). Default 30 s; zero or less: none.</summary>
    public TimeSpan BindTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which we send enquire_link. Default 30 s; zero or less: never.</summary>
    public TimeSpan EnquireLinkInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further silence after our enquire_link that ends the session; any PDU proves life. Default 30 s.</summary>
    public TimeSpan EnquireLinkTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Silence that ends the session whatever was asked (inactivity_timer). Default 120 s; zero or less: none. Counts every PDU
    /// of the peer, enquire_link_resp too: an idle bind that answers stays.
    /// </summary>
    public TimeSpan InactivityTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>After this a request is overdue (response_timer). Default 30 s; zero or less: never.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often timers are looked at, at most; an idle session looks only when one can be due. Default 1 s, their precision.</summary>
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an orderly end waits for the peer to take what is queued. Default 5 s.</summary>
    public TimeSpan LingerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After the peer's unbind: how long it may still answer our requests before it gets unbind_resp. Default zero: at once, and what is
    /// unanswered is lost with the session. Nothing new is sent meanwhile; a peer that answers nothing costs this much of its restart.
    /// </summary>
    public TimeSpan UnbindPatience { get; set; }

    /// <summary>
    /// Octets that may wait for the writer, responses and requests each. Responses beyond it end the session; a request beyond it
    /// is not taken. Default 1 MiB, more than 30,000 responses.
    /// </summary>
    [Range(1024, 1 << 30)]
    public int MaxOutgoingBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether requests without a record of their own (query_sm, data_sm, ...) go to the handler as <see cref="Pdus.RawPdu"/>.
    /// Default false: the session answers them with generic_nack 0x03.
    /// </summary>
    public bool DeliverRawRequests { get; set; }

    /// <summary>
    /// Whether a request whose body cannot be read goes to the handler as <see cref="Pdus.RawPdu"/>, to be answered there. Default false:
    /// the session refuses it with the status that names the field.
    /// </summary>
    public bool DeliverUnreadable { get; set; }

    /// <summary>
    /// Asked by the writer for each batch with requests of <see cref="SmppSession.TrySend"/>, right before their octets go to the
    /// transport, with the context of the oldest of them; from any thread, must not block. False ends the session with
    /// <see cref="SessionEndReason.Fenced"/>: no octet of any request is written any more, responses are. Bind, unbind and
    /// enquire_link alone are not subject to it. Default null: always.
    /// </summary>
    public Func<object?, bool>? MayWriteRequests { get; set; }
}
