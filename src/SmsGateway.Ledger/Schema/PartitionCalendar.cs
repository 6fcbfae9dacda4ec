namespace SmsGateway.Ledger;

/// <summary>What a maintenance pass did.</summary>
/// <param name="Created">Partitions created.</param>
/// <param name="Dropped">Partitions dropped.</param>
/// <param name="Kept">Days past retention that open rows still refer to.</param>
/// <param name="GenerationSwitched">A new key generation began.</param>
public sealed record CalendarPass(IReadOnlyList<string> Created, IReadOnlyList<string> Dropped, IReadOnlyList<DateOnly> Kept, bool GenerationSwitched);

/// <summary>Creates partitions ahead, drops old ones whole, switches key generations. Any node may run it; one at a time.</summary>
public sealed class PartitionCalendar
{
    /// <summary>One pass; cheap when nothing is due. Call it hourly.</summary>
    /// <returns>Null when another node is at it.</returns>
    public Task<CalendarPass?> RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
