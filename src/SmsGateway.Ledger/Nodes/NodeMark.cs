namespace SmsGateway.Ledger;

/// <summary>
/// The highest (epoch, counter) of its own row that a node knows to be committed. With synchronous replication no failover takes that back: a ledger
/// that shows less was restored to an earlier point in time.
/// </summary>
/// <param name="Installation">Which installation's ledger it was, <see cref="MessageKeys.Fingerprint"/>.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Counter">Renewals of it.</param>
public sealed record NodeMark(Guid Installation, long Epoch, long Counter)
{
    /// <summary>Whether a row of the same installation's ledger is behind this.</summary>
    public bool IsAheadOf(long epoch, long counter) => Epoch > epoch || (Epoch == epoch && Counter > counter);
}
