using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Operations;

/// <summary>The SMPP server's listener and timers (section "Smpp"); SMPP 3.4, section 2.8 names the timers.</summary>
internal sealed class SmppOptions
{
    public const string Section = "Smpp";

    /// <summary>Where customers bind. Default: every address, port 2775.</summary>
    [Required]
    [ListenAddress]
    public string Address { get; set; } = "*:2775";

    /// <summary>A connection without a bind is closed after this long (session_init_timer). Default: 30 s.</summary>
    [DurationRange("00:00:01", "00:10:00")]
    public TimeSpan BindTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A silent peer is asked after this long (enquire_link_timer). Default: 30 s.</summary>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan EnquireLinkInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence that closes a connection whatever was asked (inactivity_timer); an idle client that answers enquire_link stays. Default: 120 s.</summary>
    [DurationRange("00:00:05", "1.00:00:00")]
    public TimeSpan InactivityTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>A request of ours is overdue after this long (response_timer). Default: 30 s.</summary>
    [DurationRange("00:00:01", "00:10:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a client takes at most to go when this node stops or leaves mode hot: half of it to answer deliver_sm, half to answer the unbind. What
    /// it submits meanwhile is taken. Default: 5 s; longer stops later, and beyond <c>Flow:ClaimGrace</c> its submits are refused after a change of mode.
    /// </summary>
    [DurationRange("00:00:00.1", "00:05:00")]
    public TimeSpan UnbindTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest PDU in octets; a longer length closes the bind. Default: 66,000 (a full message_payload fits).</summary>
    [Range(256, 1_048_576, ErrorMessage = "must be from {1} to {2} octets")]
    public int MaxPduLength { get; set; } = 66_000;

    /// <summary>Connections open at once, bound or not; more are closed at accept. Default: 12,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from {1} to {2}")]
    public int MaxConnections { get; set; } = 12_000;

    /// <summary>
    /// Connections of one remote address that have not bound yet; more are closed at accept. Default: 1,000. Behind a TCP load balancer
    /// all clients share its address, so do not go low there.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from {1} to {2}")]
    public int MaxUnboundPerAddress { get; set; } = 1_000;

    /// <summary>
    /// submit_sm read and not yet answered, all binds together; more are answered 0x14. Default: 20,000, some 2 KB each. It bounds memory
    /// while the ledger is slow.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = "must be from {1} to {2}")]
    public int MaxOutstandingPerNode { get; set; } = 20_000;

    /// <summary>Who we are in a bind response. Default: <c>SmsGateway</c>.</summary>
    [Required]
    [RegularExpression("^[!-~]{1,15}$", ErrorMessage = "must be 1 to 15 printable ASCII characters")]
    public string SystemId { get; set; } = "SmsGateway";
}
