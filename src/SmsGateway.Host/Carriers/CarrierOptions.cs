using System.ComponentModel.DataAnnotations;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Carriers;

/// <summary>Limits and timers of our binds to carriers (section "Carriers"). What a single carrier wants stands in the configuration document.</summary>
internal sealed class CarrierOptions
{
    public const string Section = "Carriers";

    /// <summary>
    /// Answers of one carrier that may wait for their commit; beyond it nothing is sent to that carrier. Default: 2,000. It is the
    /// published allowance: a node that dies leaves at most its windows plus this many messages per carrier in doubt.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from {1} to {2}")]
    public int UncommittedOutcomes { get; set; } = 2_000;

    /// <summary>Largest number of segments whose attempts are written in one go. Default: 500. More makes the first of them wait longer.</summary>
    [Range(1, 5_000, ErrorMessage = "must be from {1} to {2}")]
    public int BatchSize { get; set; } = 500;

    /// <summary>Batches of attempts of one carrier in their commit at the same time. Default: 3. More makes batches smaller and dearer.</summary>
    [Range(1, 16, ErrorMessage = "must be from {1} to {2}")]
    public int CommitsInFlight { get; set; } = 3;

    /// <summary>deliver_sm of one bind that may wait for their commit; more are answered 0x14, and the carrier repeats them. Default: 1,000.</summary>
    [Range(1, 100_000, ErrorMessage = "must be from {1} to {2}")]
    public int DeliverWindow { get; set; } = 1_000;

    /// <summary>Part of a window, 0 to 1, that may be overdue before the bind is closed and made anew. Default: 1, all of it.</summary>
    [Range(0.01, 1.0, ErrorMessage = "must be from {1} to {2}")]
    public double OverdueShare { get; set; } = 1;

    /// <summary>A bind that was throttled (0x58) sends nothing for this long. Default: 1 s. Longer costs rate, shorter costs patience of the carrier.</summary>
    [DurationRange("00:00:00", "00:05:00")]
    public TimeSpan ThrottlePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a TCP connect may take. Default: 10 s.</summary>
    [DurationRange("00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Octets that the carrier's TCP does not acknowledge for this long end the connection. Default: 30 s. It bounds how long
    /// the socket of a dead process may still deliver: nothing in doubt is sent again before. Shorter drops connections at smaller hiccups
    /// of the network, longer makes what is sent again later. The same on all nodes.
    /// </summary>
    [DurationRange("00:00:01", "00:10:00")]
    public TimeSpan TcpUserTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A submit_sm is overdue after this long (response_timer). Default: 30 s.</summary>
    [DurationRange("00:00:00.100", "00:10:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A submit_sm without an answer for this long makes its bind be made anew in order: what the bind still owes an answer is awaited, then only the overdue
    /// ones are in doubt, which until then nothing but their answer can end. Default: 5 min. Shorter takes the time from answers that are merely late.
    /// </summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan UnansweredLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A silent carrier is asked after this long (enquire_link_timer). Default: 30 s.</summary>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan EnquireLinkInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A carrier that sends nothing for this long, not even answers to enquire_link, is dropped (inactivity_timer). Default: 120 s.</summary>
    [DurationRange("00:00:05", "1.00:00:00")]
    public TimeSpan InactivityTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How often a node looks whether another one should have a bind of a carrier whose binds are limited in all (maxBinds); it gives
    /// back one each time. Default: 5 s. Shorter costs a read per such carrier and node.
    /// </summary>
    [DurationRange("00:00:00.100", "00:10:00")]
    public TimeSpan BindShareInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connector whose settings changed, and a bind that is given back, waits for outstanding answers before it unbinds. Default: 10 s.</summary>
    [DurationRange("00:00:00", "00:05:00")]
    public TimeSpan RestartTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
