namespace SmsGateway.Ledger;

/// <summary>Limits of one group commit.</summary>
public sealed record GroupCommitOptions
{
    /// <summary>What is committed, as the figures call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Commits in flight at a time.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>Largest batch.</summary>
    public int MaxBatch { get; init; } = 500;

    /// <summary>Items undecided at a time: waiting, in flight, or decided and not yet told. When full, callers wait.</summary>
    public int Capacity { get; init; } = 20_000;

    /// <summary>Items that must wait before a further lane starts beside a busy one: below it, waiting for the busy one is cheaper.</summary>
    public int SpillAt { get; init; } = 100;

    /// <summary>How long a transient failure is retried with the same items.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause before a retry; doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest pause before a retry.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMilliseconds(500);

    internal static GroupCommitOptions From(LedgerOptions options) => new()
    {
        Lanes = options.Lanes,
        MaxBatch = options.MaxBatch,
        Capacity = options.QueueCapacity,
        SpillAt = options.SpillAt,
        RetryFor = options.RetryFor,
    };
}

/// <summary>What a failed commit means for its items.</summary>
public enum CommitFailure
{
    /// <summary>Something in the data: the batch is split until only the guilty item fails.</summary>
    Data,

    /// <summary>Not written, or unknown whether: the same items are tried again for a bounded time.</summary>
    Transient,

    /// <summary>Trying again is pointless: every waiter fails with the cause.</summary>
    Fatal,
}
