using System.ComponentModel.DataAnnotations;

namespace SmsGateway.Ledger;

/// <summary>How this process uses the ledger. Validated at start.</summary>
public sealed class LedgerOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ledger";

    /// <summary>Npgsql connection string. Several hosts are one ledger; which of them is the primary is found out. No default.</summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>Commits in flight per kind of fact (claims, attempts, outcomes, receipts, acknowledgements). Default 4; more cost a connection each.</summary>
    [Range(1, 32)]
    public int Lanes { get; set; } = 4;

    /// <summary>Largest batch. Default 500; larger ones make every waiter in them wait longer.</summary>
    [Range(1, 5000)]
    public int MaxBatch { get; set; } = 500;

    /// <summary>Items that may wait for a commit, per kind of fact. Default 20,000; when full, callers wait.</summary>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 20_000;

    /// <summary>How many items must wait before a second lane commits beside a busy one. Default 100; fewer make smaller, dearer commits.</summary>
    [Range(1, 5000)]
    public int SpillAt { get; set; } = 100;

    /// <summary>How long a transient failure is retried with the same ids before waiters fail. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After this a silent connection is abandoned (never cancelled, never used again) and its batch counts as unknown. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Abandoned connections that may exist at a time, at each server. Default 32; beyond them the ledger counts as out of reach.</summary>
    [Range(1, 1000)]
    public int MaxAbandoned { get; set; } = 32;

    /// <summary>Refuse a server with fsync off, or synchronous_commit off or local. Default true; false is for tests.</summary>
    public bool RequireDurability { get; set; } = true;

    /// <summary>How long keys, entries and history are kept. Default 7 days. Keys live between one and two of it.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How old a journal may be before it is not played by itself: its keys might be forgotten, and what is in it sent twice. Half of <see cref="Retention"/>.</summary>
    public TimeSpan OldestPlayed() => Retention / 2;

    /// <summary>How long a receipt waits for its attempt before it is listed under parked. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ParkedReceiptsFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long after its COMMIT a delivery is left to whoever was told of it, before a read of the outbox returns it. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PushGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often this node renews its lease. Default 2 s; shorter costs a commit each time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LeaseRenewEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after sending a renewal this node may emit. Default 8 s. At least twice <see cref="LeaseRenewEvery"/>; the same on all nodes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.400", "01:00:00")]
    public TimeSpan LeaseValidFor { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long another node must be seen without a renewal before it is taken over. Default 12 s. Longer than <see cref="LeaseValidFor"/> of
    /// every node, by more than a PDU needs to reach its socket: the same on all nodes. Shorter means sooner going on after a death.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.600", "02:00:00")]
    public TimeSpan LeaseDeadAfter { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>Checks the lease's times against each other.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseValidFor < 2 * LeaseRenewEvery)
        {
            yield return new ValidationResult($"Ledger:LeaseValidFor ({LeaseValidFor}) must be at least twice Ledger:LeaseRenewEvery ({LeaseRenewEvery}).", [nameof(LeaseValidFor)]);
        }

        if (LeaseDeadAfter < LeaseValidFor * 1.25)
        {
            yield return new ValidationResult(
                $"Ledger:LeaseDeadAfter ({LeaseDeadAfter}) must be at least a quarter longer than Ledger:LeaseValidFor ({LeaseValidFor}).", [nameof(LeaseDeadAfter)]);
        }
    }
}
