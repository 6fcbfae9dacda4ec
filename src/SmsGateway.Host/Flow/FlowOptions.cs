using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Flow;

/// <summary>Limits of what Flow keeps in memory. Memory is a cache of the ledger: smaller limits cost reads, never messages.</summary>
internal sealed class FlowOptions
{
    public const string Section = "Flow";

    /// <summary>Segments of one connector and priority in memory; more wait in the ledger. About 1 KB each. Default 10,000.</summary>
    [Range(100, 1_000_000)]
    public int LaneCapacity { get; set; } = 10_000;

    /// <summary>Deliveries of one account and protocol in memory; more wait in the outbox. About 1 KB each. Default 10,000.</summary>
    [Range(10, 1_000_000)]
    public int DeliveryCapacity { get; set; } = 10_000;

    /// <summary>How often the ledger is asked for work that memory does not know. Default 1 s; it bounds how long a missed hint costs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connector may be without a live bind before the next one of the route takes its segments. Default 3 s; longer means fewer changes of route at a reconnect.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan FailoverAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a delivery waits for its own protocol before the account's other one takes it. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DeliveryFallbackAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an undelivered MO or DR is kept before it is parked. Default 72 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan DeliveryRetention { get; set; } = TimeSpan.FromHours(72);

    /// <summary>The longest validity of an MT; what it or its account asks for beyond is cut. Default 7 days, Ledger:Retention where that is less; not longer than that, for keys must outlive their messages.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LongestValidity { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long after an operator took this node out of mode hot it still claims what comes in (and hands it to other nodes). Default 5 s; shorter refuses customers who have not read our unbind yet.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClaimGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for answers of carriers and clients before it unbinds. Default 10 s; what is unanswered then is in doubt.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
