using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Operations;

/// <summary>The HTTP receiver's listener (section "Receiver").</summary>
internal sealed class ReceiverOptions
{
    public const string Section = "Receiver";

    /// <summary>Where <c>/httpapi/receiver</c> listens. Default: every address, port 8080.</summary>
    [Required]
    [ListenAddress]
    public string Address { get; set; } = "*:8080";

    /// <summary>Largest request body in octets; more is 413. Default: 64 KiB, far above ten parts of text.</summary>
    [Range(1024, 16 * 1024 * 1024, ErrorMessage = "must be from {1} to {2} octets")]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Connections open at once; more are closed at accept. Default: 10,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from {1} to {2}")]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>What Retry-After says with 503. Default: 5 s.</summary>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
