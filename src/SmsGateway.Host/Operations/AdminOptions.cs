using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Operations;

/// <summary>The admin listener (section "Admin").</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>
    /// Where <c>/admin/v1</c>, <c>/swagger</c>, <c>/health</c> and <c>/metrics</c> listen. Default: loopback only, port 8081; health and
    /// metrics need no key, so think before opening it.
    /// </summary>
    [Required]
    [ListenAddress]
    public string Address { get; set; } = "127.0.0.1:8081";

    /// <summary>Most rows one call returns, whatever <c>limit</c> asks. Default: 10,000.</summary>
    [Range(1, 100_000, ErrorMessage = "must be from {1} to {2}")]
    public int MaxRows { get; set; } = 10_000;

    /// <summary>How long a health answer is kept, so that probes cannot load the ledger. Default: 1 s.</summary>
    [DurationRange("00:00:00", "00:01:00")]
    public TimeSpan HealthCache { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the ledger may take to answer before this node calls itself not ready. Default: 3 s; probes often wait no longer.</summary>
    [DurationRange("00:00:00.1", "00:01:00")]
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
