namespace SmsGateway.Ledger;

/// <summary>What a sweep did.</summary>
/// <param name="Joined">Parked receipts that found their attempt.</param>
/// <param name="Derived">Receipts derived for messages of several parts.</param>
/// <param name="GivenUp">Parked receipts too old to wait, moved to the parked list.</param>
public readonly record struct ReceiptSweep(int Joined, int Derived, int GivenUp);

/// <summary>Records receipts, matches them to attempts, and derives those of long messages.</summary>
public sealed class ReceiptLedger : IAsyncDisposable
{
    /// <summary>Records one receipt; completes after COMMIT: then, and not earlier, it may be acknowledged to the carrier.</summary>
    /// <exception cref="LedgerUnavailableException">Not recorded, or unknown; do not acknowledge.</exception>
    public ValueTask<ReceiptVerdict> RecordAsync(CarrierReceipt receipt, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>As <see cref="RecordAsync"/>, with a callback instead of an await per receipt.</summary>
    public ValueTask EnqueueAsync(CarrierReceipt receipt, Committed<CarrierReceipt, ReceiptVerdict>? committed, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Stores a receipt that could not be read, raw, on the parked list; then it may be acknowledged.</summary>
    public Task ParkRawAsync(string connector, byte[] raw, string reason, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Joins parked receipts and underived long messages older than 1 s; gives up on those parked longer than <see cref="LedgerOptions.ParkedReceiptsFor"/>.</summary>
    public Task<ReceiptSweep> SweepAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
