namespace SmsGateway.Ledger;

/// <summary>Stores mobile-originated messages; only then may they be acknowledged to the carrier.</summary>
public sealed class MoLedger : IAsyncDisposable
{
    /// <summary>Stores one MO; completes after COMMIT.</summary>
    /// <exception cref="LedgerUnavailableException">Not stored, or unknown; do not acknowledge.</exception>
    public ValueTask<MoVerdict> RecordAsync(NewMo mo, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
