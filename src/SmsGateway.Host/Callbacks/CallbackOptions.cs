using System.ComponentModel.DataAnnotations;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Callbacks;

/// <summary>Pushing deliveries to customers' URLs (section "Callbacks").</summary>
internal sealed class CallbackOptions
{
    public const string Section = "Callbacks";

    /// <summary>
    /// Whether a callback may go to loopback, private, link-local or otherwise not public addresses. Default: no, because a customer chooses
    /// the URL and would reach the operator's own network with it.
    /// </summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Requests in flight to one account's URL. Default: 16. More is faster over long lines and harder on the customer.</summary>
    [Range(1, 1_000, ErrorMessage = "must be from {1} to {2}")]
    public int ConcurrencyPerAccount { get; set; } = 16;

    /// <summary>
    /// Requests in flight beyond the first of each account, all accounts together. Default: 512. The first of each account is always
    /// allowed, so that slow accounts cannot take the last slot from the others.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "must be from {1} to {2}")]
    public int SharedConcurrency { get; set; } = 512;

    /// <summary>One request, from connecting to the answer's status line. Default: 10 s.</summary>
    [DurationRange("00:00:00.1", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before the second offer; doubles with each further one. Default: 5 s.</summary>
    [DurationRange("00:00:00.1", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause between two offers. Default: 1 h.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Failures within <see cref="BreakSampling"/> (and no success) that pause an account. Default: 5.</summary>
    [Range(2, 1_000, ErrorMessage = "must be from {1} to {2}")]
    public int BreakAfterFailures { get; set; } = 5;

    /// <summary>Time over which failures are counted. Default: 60 s.</summary>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan BreakSampling { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>First pause of a failing account; after it one probe goes out. Doubles while probes fail, up to 12 times this. Default: 5 s.</summary>
    [DurationRange("00:00:00.5", "01:00:00")]
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromSeconds(5);
}
