using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Operations;

/// <summary>Who this process is (section "Node").</summary>
internal sealed class NodeOptions
{
    public const string Section = "Node";

    /// <summary>Name of the node, unique in the installation. Default: <c>node1</c>. Two processes of one name fence each other.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", ErrorMessage = "must be 1 to 63 letters, digits, dots, dashes or underscores")]
    public string Name { get; set; } = "node1";

    /// <summary>Datacentre of the node. Default: <c>local</c>.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", ErrorMessage = "must be 1 to 63 letters, digits, dots, dashes or underscores")]
    public string Site { get; set; } = "local";

    /// <summary>
    /// How long a stop may take in all. Default: 30 s. Longer loses fewer callbacks in flight (they are offered again); shorter
    /// restarts faster.
    /// </summary>
    [DurationRange("00:00:01", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
