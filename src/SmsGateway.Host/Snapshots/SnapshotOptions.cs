using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Host.Snapshots;

/// <summary>What a node keeps on its own disk so that it can start without the ledger (section "Snapshot").</summary>
internal sealed class SnapshotOptions
{
    public const string Section = "Snapshot";

    /// <summary>
    /// Whether a node that finds the ledger out of reach at its start goes by what it knew last. Default true. False: it ends, and says why. Written is the
    /// snapshot either way.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Where snapshots are, each in a directory named after its node. Default <c>snapshot</c>, below the working directory. Holds secrets (the installation's
    /// key, carriers' passwords): files have mode 0600, directories 0700. On a disk that survives the node.
    /// </summary>
    [Required]
    public string Directory { get; set; } = "snapshot";
}
