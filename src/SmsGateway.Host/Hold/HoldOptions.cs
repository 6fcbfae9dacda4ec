using System.ComponentModel.DataAnnotations;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Hold;

/// <summary>What a node does while the ledger is out of reach (section "Hold").</summary>
internal sealed class HoldOptions
{
    public const string Section = "Hold";

    /// <summary>
    /// Whether the node goes on accepting into a journal on its own disk. Default true. Acknowledged then means durable on that disk, until it has
    /// been played into the ledger. False refuses (HTTP 503, SMPP 0x08) as soon as the ledger gives no answer.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where the journals are, each in a directory named after its node. Default <c>hold</c>, below the working directory. On a disk that survives the node.</summary>
    [Required]
    public string Directory { get; set; } = "hold";

    /// <summary>Octets that may wait to be played. Default 1 GiB: about two million messages of one part. When full, HTTP answers 503 and SMPP 0x08.</summary>
    [Range(1_048_576, 1_099_511_627_776)]
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>How long the oldest may wait before no more is taken. Default 24 h; half of Ledger:Retention where that is less, for an older journal is not played by itself.</summary>
    [DurationRange("00:00:01", "30.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a stop waits for what is held to be played into the ledger. Default 5 s. What is left stays on disk, for the next start or <c>hold replay</c>.</summary>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
