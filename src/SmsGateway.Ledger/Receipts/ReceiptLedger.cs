using Microsoft.Extensions.Logging;

namespace SmsGateway.Ledger;

/// <summary>What a sweep did.</summary>
/// <param name="Joined">Parked receipts that found their attempt.</param>
/// <param name="Derived">Deliveries of receipts derived for messages of several parts.</param>
/// <param name="GivenUp">Parked receipts too old to wait, moved to the parked list.</param>
public readonly record struct ReceiptSweep(int Joined, int Derived, int GivenUp);

/// <summary>Records receipts, matches them to attempts, and derives those of long messages.</summary>
public sealed class ReceiptLedger : IAsyncDisposable
{
    private readonly LedgerCore _core;
    private readonly ReceiptJoins _joins;
    private readonly GroupCommit<CarrierReceipt, ReceiptVerdict> _group;

    internal ReceiptLedger(LedgerCore core, ReceiptJoins joins)
    {
        _core = core;
        _joins = joins;
        _group = core.Group<CarrierReceipt, ReceiptVerdict>("receipts", CommitAsync);
    }

    /// <summary>Receipts waiting or in flight.</summary>
    public int Undecided => _group.Undecided;

    /// <summary>Records one receipt; completes after COMMIT: then, and not earlier, it may be acknowledged to the carrier.</summary>
    /// <exception cref="LedgerUnavailableException">Not recorded, or unknown; do not acknowledge.</exception>
    public ValueTask<ReceiptVerdict> RecordAsync(CarrierReceipt receipt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return _group.CommitAsync(receipt, cancellationToken);
    }

    /// <summary>As <see cref="RecordAsync"/>, with a callback instead of an await per receipt.</summary>
    public ValueTask EnqueueAsync(CarrierReceipt receipt, Committed<CarrierReceipt, ReceiptVerdict> committed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return _group.EnqueueAsync(receipt, committed, cancellationToken);
    }

    /// <summary>Stores a receipt that could not be read, raw, on the parked list; then it may be acknowledged.</summary>
    /// <exception cref="LedgerUnavailableException">Not stored, or unknown; do not acknowledge.</exception>
    public Task ParkRawAsync(string connector, byte[] raw, string reason, CancellationToken cancellationToken) =>
        ParkRawAsync(Guid.CreateVersion7(_core.Time.GetUtcNow()), "receipt_unreadable", connector, raw, reason, cancellationToken);

    /// <summary>As above, with an id of the caller's, so that storing it again is safe, and any kind of thing.</summary>
    /// <exception cref="LedgerUnavailableException">Not stored, or unknown; store it again.</exception>
    public Task ParkRawAsync(Guid id, string kind, string? connector, byte[] raw, string reason, CancellationToken cancellationToken) => _core.RunAsync(
        b =>
        {
            b.Add(LedgerSql.ParkRaw).With(id).With(kind).With(reason).WithText(connector).With(raw).With(_core.Time.GetUtcNow());
            b.Vouch();
        },
        _ => Task.FromResult(true),
        cancellationToken);

    /// <summary>Joins parked receipts and underived long messages older than 1 s; gives up on those parked longer than <see cref="LedgerOptions.ParkedReceiptsFor"/>.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach; the next sweep does it.</exception>
    public Task<ReceiptSweep> SweepAsync(CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(() => _joins.SweepAsync(cancellationToken));

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private async Task CommitAsync(CommitBatch<CarrierReceipt, ReceiptVerdict> batch)
    {
        var plan = new ReceiptPlan(batch);
        var answer = await _core.Hot.RunAsync(b => plan.Fill(b, _core.Node.Current, _core.DueAfterGrace()), plan.ReadAsync);
#if DRILL
        Failpoint.Pass("receipt-committed");
#endif
        plan.Settle(batch, answer);
        _core.Feed.Announce(answer.Deliveries);
        try
        {
            var parked = plan.Parked(answer);
            if (parked.Count > 0)
            {
                await _joins.JoinAsync(parked);
            }

            if (answer.LongMessages.Count > 0)
            {
                await _joins.DeriveAsync(answer.LongMessages);
            }
        }
        catch (Exception e)
        {
            LedgerLog.LookedAgainInVain(_core.Loggers.CreateLogger<ReceiptLedger>(), e);
        }
    }
}
